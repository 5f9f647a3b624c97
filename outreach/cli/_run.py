"""How a long-running process starts and stops: shared by `all`, `serve`, `worker` and `clock`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from outreach.context import Context
from outreach.errors import OutreachError

#: Seconds between the last caller let in and the first sent away: who came in has said by then what they want.
LATECOMERS = 0.5

Part = Callable[[Context, asyncio.Event], Awaitable[None]]


def run(main: Coroutine[Any, Any, None]) -> None:
    """asyncio.run on uvloop where there is one. A defect ends the process with one log event, not with a page of source."""
    try:
        import uvloop
    except ImportError:  # no wheel for this platform
        start = asyncio.run
    else:
        start = uvloop.run
    try:
        start(main)
    except OutreachError:
        raise
    except Exception:
        structlog.get_logger().exception("process_broke")
        raise SystemExit(1) from None


async def process(*parts: Part, ready: Callable[[Context], None] | None = None) -> None:
    """Run parts side by side until SIGTERM or SIGINT, or until one of them fails; then drain all."""
    from outreach import app, settings

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with app.running(settings.get()) as context:
        app.load_jobs()
        if ready:
            ready(context)
        await together(context, parts, stop)


async def together(context: Context, parts: tuple[Part, ...], stop: asyncio.Event) -> None:
    async def guarded(part: Part) -> None:
        try:
            await part(context, stop)
        finally:
            stop.set()

    async with asyncio.TaskGroup() as group:
        for part in parts:
            group.create_task(guarded(part))


async def web(context: Context, stop: asyncio.Event) -> None:
    """HTTP, and LMTP and IMAP where they are configured."""
    import uvicorn

    from outreach import app
    from outreach.web import mail

    config = uvicorn.Config(
        app.create(context),
        host=context.settings.host,
        port=context.settings.port,
        log_level="warning",
        log_config=None,  # its warnings take the way of all logs, masked
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=int(context.settings.drain_seconds),
    )
    server = _Server(config)
    async with mail.listening(context):
        serving = asyncio.create_task(server.serve(sockets=_handed_on()))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        for each in getattr(server, "servers", ()):
            each.close()
        await asyncio.sleep(LATECOMERS)
        server.should_exit = True
        await serving
        stopping.cancel()


def _handed_on() -> list[socket.socket] | None:
    """The listening socket that whoever started us keeps (systemd's protocol): over a restart, callers wait and are not refused."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    return [socket.socket(fileno=3 + n) for n in range(int(os.environ.get("LISTEN_FDS", "0")))]


def _Server(config: Any) -> Any:  # noqa: N802
    import uvicorn

    class Server(uvicorn.Server):
        """Signals are the process's business, not the web server's."""

        @contextlib.contextmanager
        def capture_signals(self) -> Any:
            yield

    return Server(config)


async def work(context: Context, stop: asyncio.Event) -> None:
    """Jobs and the delivery of every lane."""
    from outreach import app
    from outreach import context as process
    from outreach.messages.delivery import Loop
    from scheduler import worker

    process.settle()
    await worker.run(
        dsn=app.dsn(context), context=context, loops=[Loop(context)], patience=context.settings.drain_seconds, stop=stop
    )


async def tick(context: Context, stop: asyncio.Event) -> None:
    """Timers: the elected clock enqueues, nothing else."""
    from outreach import app
    from outreach.campaigns import jobs as campaigns
    from scheduler import clock

    await clock.run(dsn=app.dsn(context), now=context.now, due=lambda: campaigns.due(context), stop=stop)
