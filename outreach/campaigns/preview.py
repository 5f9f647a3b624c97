"""The dry run: the same path as the run, nothing written. Selected = sendable + deferred + every reason's people (U10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.campaigns import audience, planning
from outreach.campaigns.definition import Definition
from outreach.messages import outbox
from outreach.messages.judge import Judged
from outreach.settings import Settings

_SLICE = """
select matching.id, matching.account_ids, d.ref, d.first_name || ' ' || d.last_name as name from ({people}) matching
join debtor d on d.id = matching.id where matching.id > :after order by matching.id limit :slice
"""


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What would happen to one person. `reasons` are all of them, the first one first."""

    debtor_id: int
    ref: str
    name: str
    #: sendable | deferred | excluded
    verdict: str
    channel: str
    earliest_at: datetime | None
    reasons: list[tuple[str, str]]


@dataclass(kw_only=True)
class Preview:
    """Totals by first reason. `selected` is counted on its own, so that the sum is a check and not a definition."""

    selected: int = 0
    sendable: int = 0
    deferred: int = 0
    excluded: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)
    #: when deferred people may be reached -> how many
    deferred_until: Counter[datetime] = field(default_factory=Counter)

    def add(self, outlook: Outlook) -> None:
        self.selected += 1
        if outlook.verdict == "sendable":
            self.sendable += 1
        elif outlook.verdict == "deferred" and outlook.earliest_at:
            self.deferred += 1
            self.deferred_until[outlook.earliest_at] += 1
        else:
            code, reason = outlook.reasons[0]
            self.excluded[code] += 1
            self.reasons.setdefault(code, reason)


async def people(
    session: AsyncSession, definition: Definition, *, now: datetime, settings: Settings, step: int = 1
) -> AsyncIterator[Outlook]:
    """Everyone the audience means, judged as the run would judge them at `now`, in slices: memory stays flat."""
    chosen = definition.steps[step - 1]
    sql = _SLICE.format(people=audience.people(definition.audience))
    bound = audience.values(definition.audience, now=now) | {"slice": planning.SLICE, "after": 0}
    while found := await db.rows(session, sql, **bound):
        drafts = [planning.draft(chosen, row["id"], row["account_ids"], None, None) for row in found]
        judged = await outbox.preview_many(session, drafts, now=now, settings=settings)
        for row, one in zip(found, judged, strict=True):
            yield _outlook(row, one)
        bound["after"] = found[-1]["id"]


def _outlook(row: Mapping[str, Any], judged: Judged) -> Outlook:
    verdict = "sendable" if judged.allowed else "deferred" if judged.deferred else "excluded"
    return Outlook(
        debtor_id=row["id"],
        ref=row["ref"],
        name=row["name"],
        verdict=verdict,
        channel=judged.channel,
        earliest_at=judged.decision.earliest_utc,
        reasons=judged.against(),
    )
