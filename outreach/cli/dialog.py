"""Talk to the dialog and try its reader.

Example: echo '{"id": "1", "text": "can do 50 a month"}' | outreach dialog parse
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

REPLIES = Path(__file__).parents[2] / "templates" / "replies"


@app.command()
def parse(
    file: Annotated[
        Path | None, typer.Argument(help="JSONL with id, text, lang, channel, expecting; default: stdin")
    ] = None,
) -> None:
    """Messages in, predictions out, one JSON object a line. Days are resolved against OUTREACH_NOW, else today.

    Example: outreach dialog parse messages.jsonl > predictions.jsonl
    """
    today = _today()
    with file.open(encoding="utf-8") if file else sys.stdin as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                print(json.dumps(_predict(_message(line, number), today), ensure_ascii=False), flush=file is None)


@app.command()
def chat(
    language: Annotated[str, typer.Option(help="en or es")] = "en",
    medium: Annotated[str, typer.Option(help="sms, email or web")] = "sms",
    unverified: Annotated[
        bool, typer.Option(help="begin on a channel nobody verified (ZIP 94110, born 1985-07-04)")
    ] = False,
    show: Annotated[bool, typer.Option("--show", help="show what was understood and wished")] = False,
) -> None:
    """Be a debtor in the terminal: nothing is stored, nothing is sent. Ctrl-D ends it.

    Example: outreach dialog chat --language es --show
    """
    import asyncio

    from outreach.cli import _dialog_chat

    asyncio.run(
        _dialog_chat.talk(
            replies=REPLIES, language=language, medium=medium, verified=not unverified, show=show, today=_today()
        )
    )


def _today() -> date:
    now = os.environ.get("OUTREACH_NOW")
    try:
        return datetime.fromisoformat(now).date() if now else datetime.now().astimezone().date()
    except ValueError:
        print(f"outreach: OUTREACH_NOW is {now!r}; give an instant such as 2026-03-11T10:30:00-08:00.", file=sys.stderr)
        raise typer.Exit(2) from None


def _message(line: str, number: int) -> dict[str, Any]:
    try:
        message = json.loads(line)
        return {**message, "text": str(message["text"])}
    except (ValueError, KeyError, TypeError):
        print(
            f"outreach: line {number} is no JSON object with a text; see `outreach dialog parse --help`.",
            file=sys.stderr,
        )
        raise typer.Exit(2) from None


def _predict(message: dict[str, Any], today: date) -> dict[str, Any]:
    from dialogs import understand
    from outreach.compliance import optout

    channel = message.get("channel") or "sms"
    heard = optout.reading(message["text"], medium=channel)
    seen = understand.read(
        message["text"],
        expecting=message.get("expecting"),
        today=today,
        language_hint=message.get("lang"),
        channel=channel,
        safety=heard.plain,
        second=heard.labels,
    )
    return {
        "id": message.get("id"),
        "intent": seen.intent,
        "intents": list(seen.intents),
        "slots": dict(seen.slots),
        "action": seen.action,
        "lang": seen.lang,
    }


@app.command(epilog="Example: outreach dialog play scenarios.yaml")
def play(
    file: Annotated[Path, typer.Argument(help="scenarios in YAML")],
    engine: Annotated[str, typer.Option(help="embedded or rasa")] = "embedded",
) -> None:
    """Play scenarios through the whole service, one JSON line a turn, on a database of its own."""
    import asyncio

    from outreach.cli import _play

    asyncio.run(_play.perform(file, engine=engine))


@app.command(epilog="Example: outreach dialog actions --port 5055")
def actions(
    port: Annotated[int, typer.Option(help="where a Rasa server finds them")] = 5055,
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
) -> None:
    """Serve the dialog's actions to a Rasa server, by its own action protocol."""
    from outreach.cli import _actions

    _actions.serve(host=host, port=port)
