"""What was said and tried, by both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from outreach.compliance import facts as law
from outreach.messages.known import ids


def history(entries: Sequence[Mapping[str, Any]], points: Sequence[Mapping[str, Any]]) -> list[law.HistoryEntry]:
    keys = {p["id"]: ids.key(p) for p in points}
    return [
        law.HistoryEntry(
            id=e["id"],
            at=ids.instant(e["at"]),
            dir=e["dir"],
            medium=e["medium"],
            kind=_history_kind(e),  # type: ignore[arg-type]
            address=keys.get(e["point"]),
            debts=tuple(f"D{a}" for a in e["accounts"]),
            in_reply_to=e["reply_to"],
            informs=e["about"] != "false",
            uncertain=e["status"] in {"sending", "unknown"},
        )
        for e in entries
    ]


def _history_kind(e: Mapping[str, Any]) -> str:
    if e["outcome"]:  # a logged call: call_unanswered, conversation, ...
        return str(e["outcome"])
    if e["dir"] == "in":
        return "consumer_message"
    return "reply" if e["reply_to"] else "campaign"
