"""R19: `python -m tests.channels.bounces FOLDER [ORDINARY ...]`: how many real bounces are recognised and understood.

FOLDER is a copy of github.com/sisimai/rb-sisimai (BSD 2-Clause): `set-of-emails/maildir/bsd` holds the mails and `test/public`
says what each of them is. ORDINARY are folders of mails that are no bounces, its own `maildir/not` is always one. Nothing of
them is kept here.

Its word for a mail is taken, but for two it uses otherwise than the law of the wire: `filtered` and `suspend` are told apart
there by who answered, here by what is known of the mailbox (RFC 3463: 5.2.1 is a disabled mailbox), so those mails count as
recognised only.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from channels.email.read import read
from tests.chaos.world import Verdict

RECOGNISED, RIGHT = 0.98, 0.95
#: its word for a mail that is no bounce
OTHERWISE = {"feedback": "complaint", "vacation": "auto_reply", "delivered": "delivery_receipt"}
APART = frozenset({"filtered", "suspend"})
_ENTRY = re.compile(r"'(\d+)' => \[(\[.*?\])\]", re.DOTALL)
_ROW = re.compile(r"\['([\d.]*)',\s*'(\d*)',\s*'(\w+)',\s*(true|false)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    path: Path
    #: its words for each recipient of the mail
    reasons: frozenset[str]
    #: may the address never be written to again?
    hard: bool

    @property
    def kind(self) -> str:
        others = {OTHERWISE.get(reason) for reason in self.reasons}
        return (others.pop() if len(others) == 1 else None) or ("bounce_hard" if self.hard else "bounce_soft")


def labelled(folder: Path) -> Iterator[Labelled]:
    """Every mail that stands in both places."""
    for source in sorted((folder / "test/public").glob("*.rb")):
        for number, rows in _ENTRY.findall(source.read_text(encoding="utf-8")):
            path = folder / f"set-of-emails/maildir/bsd/{source.stem}-{number}.eml"
            found = _ROW.findall(rows)
            if path.exists() and found:
                hard = any(row[3] == "true" for row in found)
                yield Labelled(path=path, reasons=frozenset(row[2] for row in found), hard=hard)


def score(folder: Path, ordinary: list[Path]) -> Verdict:
    seen: Counter[str] = Counter()
    for mail in labelled(folder):
        told, kind = mail.kind, read(mail.path.read_bytes()).kind
        bounce = told.startswith("bounce")
        seen["bounces"] += bounce
        seen["recognised"] += bounce and kind.startswith("bounce")
        if bounce and not mail.reasons & APART and kind.startswith("bounce"):
            seen["judged"] += 1
            seen["right"] += kind == told
        if kind != told and not mail.reasons & APART:
            print(f"{mail.path.name}: {kind}, told {told} ({', '.join(sorted(mail.reasons))})")
    for path in (
        p for each in (folder / "set-of-emails/maildir/not", *ordinary) for p in each.rglob("*") if p.is_file()
    ):
        seen["ordinary"] += 1
        if read(path.read_bytes()).bounced:
            seen["suppressed"] += 1
            print(f"{path.name}: an ordinary mail taken for a hard bounce")
    recognised, right = seen["recognised"] / seen["bounces"], seen["right"] / seen["judged"]
    return Verdict(
        id="R19",
        passed=recognised >= RECOGNISED and right >= RIGHT and not seen["suppressed"],
        value=f"{seen['recognised']} of {seen['bounces']} bounces recognised ({recognised:.1%}), class right in {seen['right']} of"
        f" {seen['judged']} ({right:.1%}), {seen['suppressed']} false suppressions of {seen['ordinary']} ordinary mails",
    )


if __name__ == "__main__":
    verdict = score(Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]])
    print(verdict)
    sys.exit(not verdict.passed)
