"""A door on loopback that can be shut, or lead somewhere else from now on: before the database, or before the web."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Passage:
    """`async with Passage(to_socket(path)) as door:` then `door.port`, `door.shut()`, `door.open()`, `door.to = ...`."""

    def __init__(self, to: Callable[[], Awaitable[Streams]]) -> None:
        self.to = to
        self.is_open = True
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.shut()

    def shut(self) -> None:
        """Nobody comes in, and who is in is thrown out."""
        self.is_open = False
        for each in self._writers:
            each.close()

    def open(self) -> None:
        self.is_open = True

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            if self.is_open:
                beyond, onward = await self.to()
                self._writers.add(onward)
                await asyncio.wait(
                    [asyncio.create_task(_copy(reader, onward)), asyncio.create_task(_copy(beyond, writer))],
                    return_when=asyncio.FIRST_COMPLETED,
                )
                onward.close()
                self._writers.discard(onward)
        writer.close()
        self._writers.discard(writer)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()


def to_socket(path: str) -> Callable[[], Awaitable[Streams]]:
    return lambda: asyncio.open_unix_connection(path)


def to_port(port: int) -> Callable[[], Awaitable[Streams]]:
    return lambda: asyncio.open_connection("127.0.0.1", port)
