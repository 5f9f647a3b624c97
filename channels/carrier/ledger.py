"""What the carrier was handed, append-only: the oracle of every test that kills a sender."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing handed in or done. Written before the answer leaves, so that a lost answer is still on record."""

    n: int
    kind: str  #: sms | mail | inbound_sms | inbound_mail | callback
    outcome: str  #: accepted | refused | dropped (no verdict reached the client, nothing was taken)
    started_at: str  #: when the request or transaction began, ISO 8601 UTC
    at: str  #: when the carrier decided
    to: str
    sender: str
    body: str = ""  #: text message: whole; mail: its first 4,000 characters
    id: str = ""  #: the carrier's id (SID) of what it accepted
    message_id: str = ""  #: the client's own id: from the callback URL, or the Message-ID
    attempt: str = ""
    code: str = ""
    fault: str = ""  #: the fault that was injected, "" = none
    subject: str = ""
    size: int = 0


class Ledger:
    """In memory, and in a JSON Lines file when one is given. Each line is flushed as it is written."""

    def __init__(self, path: Path | None = None) -> None:
        self.entries: list[Entry] = []
        self._file = path.open("a", encoding="utf-8", buffering=1) if path else None

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, *, started_at: datetime, **values: Any) -> Entry:
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        begun = started_at.isoformat(timespec="microseconds")
        entry = Entry(n=len(self.entries), started_at=begun, at=now, **values)
        self.entries.append(entry)
        if self._file:
            self._file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
        return entry

    def accepted(self, kind: str) -> list[Entry]:
        """Everything of a kind the carrier took responsibility for: what people really get."""
        return [entry for entry in self.entries if entry.kind == kind and entry.outcome == "accepted"]

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
