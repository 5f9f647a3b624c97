"""The local carrier on its own: Twilio's REST API and SMTP on loopback, with a ledger and faults on demand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.errors import OutreachError

if TYPE_CHECKING:
    from channels.carrier import Carrier

app = typer.Typer(add_completion=False)

EXAMPLE = """Example: outreach carrier --port 8081 --smtp-port 8025 --ledger ledger.jsonl --faults faults.yaml
--webhook http://127.0.0.1:8000/hooks/sms --lmtp 127.0.0.1:8024

Prints one JSON line with its URLs and the settings that reach it when it is ready, and runs until it is interrupted."""


class FaultsUnreadable(OutreachError):  # noqa: N818
    """The faults file cannot be used."""


@app.command(epilog=EXAMPLE)
def carrier(
    port: Annotated[int, typer.Option(help="HTTP port; 0 takes a free one")] = 0,
    smtp_port: Annotated[int, typer.Option(help="SMTP port; 0 takes a free one")] = 0,
    ledger: Annotated[
        Path | None, typer.Option(help="JSON Lines file that everything handed in is appended to")
    ] = None,
    faults: Annotated[
        Path | None, typer.Option(help="YAML or JSON: what goes wrong, reproducible from its seed")
    ] = None,
    webhook: Annotated[str, typer.Option(help="where people's texts are posted, signed")] = "",
    lmtp: Annotated[str, typer.Option(help="HOST:PORT where people's mail is delivered")] = "",
    stop_handling: Annotated[bool, typer.Option(help="answer STOP and block later texts, as carriers do")] = True,
) -> None:
    """Run the local carrier."""
    import asyncio

    from channels.carrier import Carrier, Faults
    from channels.carrier.control import host_port

    try:
        chosen = Faults.read(faults) if faults else Faults()
        target = host_port(lmtp)
    except (ValueError, OSError) as error:
        raise FaultsUnreadable(str(error)) from error
    built = Carrier(
        port=port,
        smtp_port=smtp_port,
        ledger=ledger,
        faults=chosen,
        webhook_url=webhook,
        lmtp=target,
        stop_handling=stop_handling,
    )
    asyncio.run(_serve(built))


async def _serve(carrier: Carrier) -> None:
    import asyncio
    import json
    import signal

    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with carrier:
        ready = {"http_url": carrier.http_url, "smtp_port": carrier.smtp_port, "settings": carrier.values}
        print(json.dumps(ready), flush=True)
        await ended.wait()
