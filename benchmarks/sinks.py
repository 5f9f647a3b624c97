"""Where messages end: a bare HTTP responder and a bare SMTP server, in a process of their own, so that they are not what is measured.

`python -m benchmarks.sinks LATENCY_MS LOG` prints its two ports; LOG gets a line per text: time, our message id.
"""

from __future__ import annotations

import asyncio
import sys
import time
from itertools import count
from typing import Any, TextIO

NUMBERS = count(1)
MARK = b"message%3D"


class Http(asyncio.Protocol):
    """Answers every request with 201 and a message resource; keeps its connection."""

    def __init__(self, latency: float, log: TextIO) -> None:
        self.latency, self.log, self.buffer = latency, log, b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            start = head.find(b"content-length:")
            length = int(head[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0
            if len(self.buffer) < end + 4 + length:
                return
            body, self.buffer = self.buffer[end + 4 : end + 4 + length], self.buffer[end + 4 + length :]
            at = body.find(MARK) + len(MARK)
            self.log.write(f"{time.time():.4f} {body[at : at + 36].decode()}\n")
            asyncio.get_running_loop().call_later(self.latency, self.answer)

    def answer(self) -> None:
        body = b'{"sid": "SM%032x", "status": "accepted", "error_code": null}' % next(NUMBERS)
        head = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        if not self.transport.is_closing():
            self.transport.write(head + body)


class Smtp(asyncio.Protocol):
    """Says yes to everything, after the final dot too."""

    def __init__(self, latency: float) -> None:
        self.latency, self.buffer, self.data = latency, b"", False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n.\r\n" if self.data else b"\r\n")) >= 0:
            line, self.buffer = self.buffer[:end], self.buffer[end + (5 if self.data else 2) :]
            if self.data:
                self.data = False
                asyncio.get_running_loop().call_later(self.latency, self.say, b"250 2.0.0 taken")
            else:
                self.command(line[:4].upper())

    def command(self, verb: bytes) -> None:
        self.data = verb == b"DATA"
        known = {b"EHLO": b"250-sink\r\n250 8BITMIME", b"DATA": b"354 go on", b"QUIT": b"221 bye"}
        self.say(known.get(verb, b"250 2.1.0 ok"))

    def say(self, line: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(line + b"\r\n")


async def main(latency: float, path: str) -> None:
    loop = asyncio.get_running_loop()
    with open(path, "w", buffering=1, encoding="ascii") as log:  # noqa: ASYNC230
        http = await loop.create_server(lambda: Http(latency, log), "127.0.0.1", 0, backlog=1024)
        smtp = await loop.create_server(lambda: Smtp(latency), "127.0.0.1", 0, backlog=1024)
        print(http.sockets[0].getsockname()[1], smtp.sockets[0].getsockname()[1], flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main(float(sys.argv[1]) / 1000, sys.argv[2]))
