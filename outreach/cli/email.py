"""What received mails are: `outreach email read FILE.eml ...`, one JSON line each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.errors import OutreachError

if TYPE_CHECKING:
    from channels.email.read import Mail

app = typer.Typer(add_completion=False)

EXAMPLE = """Example: outreach email read reply.eml bounce.eml

Prints kind, newly written text, language, bounced addresses, attachments and problems of each mail."""


class MailUnreadable(OutreachError):  # noqa: N818
    """The file cannot be opened."""


@app.callback()
def email() -> None:
    """Look at mail the way the service does."""


@app.command(epilog=EXAMPLE)
def read(
    files: Annotated[list[Path], typer.Argument(help="mails as files, one message each")],
    json: Annotated[bool, typer.Option("--json", help="one JSON line each; this is always so")] = True,
) -> None:
    """Read mails and print what each one is."""
    from channels.email.read import read as read_mail

    for file in files:
        try:
            raw = file.read_bytes()
        except OSError as error:
            raise MailUnreadable(f"{file} cannot be opened: {error.strerror}.") from error
        print(_line(file, read_mail(raw)))


def _line(file: Path, mail: Mail) -> str:
    import json

    told = {
        "file": str(file),
        "kind": mail.kind,
        "text": mail.text,
        "subject_text": mail.subject_text,
        "lang": mail.lang,
        "bounced": mail.bounced,
        "soft_bounced": mail.soft_bounced,
        "attachments": [attachment.name for attachment in mail.attachments],
        "problems": list(mail.problems),
    }
    return json.dumps(told, ensure_ascii=False)
