"""A slice of a campaign: take the next step with people who are due. Set by set.

One slice is one transaction and one batch of the outbox. Whoever is cut off between two slices goes on with the next:
enrollments and messages are written together, and a person's step is unique in the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.campaigns import audience, enrolling, service, texts
from outreach.campaigns.definition import Definition, Step, validate
from outreach.campaigns.models import CampaignStatus
from outreach.messages import outbox
from outreach.messages.drafts import Draft, Submitted
from outreach.settings import Settings

#: People a slice: one query of facts, one COPY. Judging them holds up the process's other work for a quarter of a second.
SLICE = 200

#: reason -> condition on enrollment `e`; the first that holds is named
_STOPS = {
    "replied": "exists (select 1 from message m where m.debtor_id = e.debtor_id and m.direction = 'in'"
    " and m.purpose in ('reply', 'malformed', 'form')"
    " and m.created_at >= e.enrolled_at)",
    "paid": "exists (select 1 from payment p where p.debtor_id = e.debtor_id and p.amount_cents > 0"
    " and p.recorded_at >= e.enrolled_at)",
    "plan_agreed": "exists (select 1 from plan p where p.debtor_id = e.debtor_id"
    " and p.status in ('agreed', 'active', 'suspended', 'broken'))",
}
_STOP = """
update enrollment e set status = 'stopped', excluded = case {cases} end, ended_at = :now, next_at = null
where e.id = any(:ids) and ({any}) returning e.id
"""
_DUE = """
select id, debtor_id, next_step from enrollment
where campaign_id = :campaign and status = 'waiting' and next_at <= :now order by next_at, id limit :slice
for update skip locked
"""
_ADVANCE = """
update enrollment e set next_step = e.next_step + 1, excluded = u.reason,
  status = case when not u.last then 'waiting' when u.reason <> '' and not exists (select 1 from message m
    where m.campaign_id = e.campaign_id and m.debtor_id = e.debtor_id and m.step > u.base and m.status <> 'denied')
    then 'excluded' else 'done' end,
  next_at = case when u.last then null else e.enrolled_at + make_interval(days => u.days) end,
  ended_at = case when u.last then cast(:now as timestamptz) end
from unnest(cast(:ids as bigint[]), cast(:reasons as text[]), cast(:last as boolean[]), cast(:days as int[]),
  cast(:bases as int[])) as u(id, reason, last, days, base)
where e.id = u.id
"""


@dataclass(frozen=True, kw_only=True)
class Slice:
    """What a slice did: it enrolled people, or took their next step. `more` is False when nothing is left to do now."""

    enrolled: int = 0
    submitted: Sequence[Submitted] = ()
    more: bool = False


class OvertakenError(Exception):
    """The campaign was paused or cancelled while the slice was planned: nothing of it is kept."""


async def plan_slice(session: AsyncSession, campaign_id: int, *, now: datetime, settings: Settings) -> Slice:
    """Plan some people of a running campaign in the caller's transaction. Any number of planners share a campaign.

    Raises OvertakenError when the campaign stopped running meanwhile; the caller rolls back.
    """
    campaign = await db.one(session, "select * from campaign where id = :id", id=campaign_id)
    if campaign is None or campaign["status"] != CampaignStatus.RUNNING:
        return Slice()
    definition = validate(campaign["definition"])
    if changed := await texts.changed(session, campaign_id):
        why = f"Template {changed} changed since launch: look, then resume."
        await service.pause_itself(session, campaign_id, now=now, actor="system:planner", why=why)
        return Slice()
    if (enrolled := await enrolling.enrol(session, campaign, definition, now=now)) is not None:
        return Slice(enrolled=enrolled, more=True)
    submitted, due = await _Run(session, campaign, definition, now, settings).advance()
    if not await session.scalar(sa.text(_RUNNING), {"id": campaign_id}):
        raise OvertakenError
    return Slice(submitted=submitted, more=due == SLICE)


_RUNNING = "select status = 'running' from campaign where id = :id"


@dataclass(frozen=True)
class _Run:
    session: AsyncSession
    campaign: Mapping[str, Any]
    definition: Definition
    now: datetime
    settings: Settings

    async def advance(self) -> tuple[Sequence[Submitted], int]:
        """The next step of everyone who is due, unless something stops it; what became of it, and how many were due."""
        due = await db.rows(self.session, _DUE, campaign=self.campaign["id"], now=self.now, slice=SLICE)
        stopped = await self._stop([row["id"] for row in due])
        waiting = [row for row in due if row["id"] not in stopped]
        debts = await self._debts([row["debtor_id"] for row in waiting])
        gone = [row for row in waiting if row["debtor_id"] not in debts]
        waiting = [row for row in waiting if row["debtor_id"] in debts]
        submitted = await outbox.submit_many(
            self.session,
            [self._draft(row, debts[row["debtor_id"]]) for row in waiting],
            now=self.now,
            settings=self.settings,
        )
        await self._advance(waiting, [s.code if s.status == "denied" else "" for s in submitted])
        await self._leave(gone)
        return submitted, len(due)

    def position(self, number: int) -> int:
        """Where a running step number stands in the definition, from 0."""
        return (number - 1) % len(self.definition.steps)

    def _draft(self, row: Mapping[str, Any], account_ids: Sequence[int]) -> Draft:
        return draft(
            self.definition.steps[self.position(row["next_step"])],
            row["debtor_id"],
            account_ids,
            self.campaign["id"],
            row["next_step"],
        )

    async def _stop(self, ids: Sequence[int]) -> set[int]:
        wanted = {reason: _STOPS[reason] for reason in self.definition.stop_when}
        if not ids or not wanted:
            return set()
        cases = " ".join(f"when {condition} then '{reason}'" for reason, condition in wanted.items())
        statement = _STOP.format(cases=cases, any=" or ".join(wanted.values()))
        found = await self.session.execute(sa.text(statement), {"ids": list(ids), "now": self.now})
        return set(found.scalars().all())

    async def _debts(self, debtor_ids: Sequence[int]) -> dict[int, list[int]]:
        """What each still owes of what the campaign is about. Who no longer matches is not asked again."""
        meant = self.definition.audience.model_copy(update={"not_contacted_days": None})
        found = await db.rows(
            self.session,
            f"{audience.people(meant)} and d.id = any(:debtors)",
            **audience.values(meant, now=self.now) | {"debtors": list(debtor_ids)},
        )
        return {row["id"]: row["account_ids"] for row in found}

    async def _advance(self, rows: Sequence[Mapping[str, Any]], reasons: Sequence[str]) -> None:
        if not rows:
            return
        end = len(self.definition.steps) - 1
        positions = [self.position(row["next_step"]) for row in rows]
        await self.session.execute(
            sa.text(_ADVANCE),
            {
                "ids": [row["id"] for row in rows],
                "reasons": list(reasons),
                "last": [position == end for position in positions],
                "days": [self.definition.steps[min(position + 1, end)].after_days for position in positions],
                "bases": [row["next_step"] - 1 - position for row, position in zip(rows, positions, strict=True)],
                "now": self.now,
            },
        )

    async def _leave(self, rows: Sequence[Mapping[str, Any]]) -> None:
        await self.session.execute(
            sa.text(
                "update enrollment set status = 'stopped', excluded = 'no_longer_meant', ended_at = :now, next_at = null"
                " where id = any(:ids)"
            ),
            {"ids": [row["id"] for row in rows], "now": self.now},
        )


def draft(step: Step, debtor_id: int, account_ids: Sequence[int], campaign_id: int | None, number: int | None) -> Draft:
    """One person's step, the same for the dry run and the run."""
    return Draft(
        debtor_id=debtor_id,
        purpose="campaign",
        channel=step.channel,
        template=step.template,
        account_ids=tuple(account_ids),
        campaign_id=campaign_id,
        step=number,
    )
