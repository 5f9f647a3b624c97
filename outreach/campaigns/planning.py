"""A slice of a campaign: enrol the next people, then take the next step with those who are due. Set by set.

One slice is one transaction and one batch of the outbox. Whoever is cut off between two slices goes on with the next:
the cursor, the enrollments and the messages are written together, and a person's step is unique in the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.campaigns import audience
from outreach.campaigns.definition import Definition, Step, validate
from outreach.campaigns.models import CampaignStatus
from outreach.messages import outbox, wording
from outreach.messages.drafts import Draft, Submitted
from outreach.settings import Settings

#: People a slice: one query of facts, one COPY.
SLICE = 500
#: Advisory lock space (two-key form): one planner a campaign.
PLAN_LOCK = 7005

_ENROL = """
with next as (select * from ({people}) matching where matching.id > :after order by matching.id limit :slice),
put as (
  insert into enrollment as e (campaign_id, debtor_id, status, next_step, next_at, enrolled_at)
  select :campaign, id, 'waiting', :first, :due, :now from next order by id
  on conflict (campaign_id, debtor_id) do update set status = 'waiting', next_step = excluded.next_step,
    next_at = excluded.next_at, enrolled_at = excluded.enrolled_at, excluded = '', ended_at = null
  where e.next_step <= excluded.next_step and e.status <> 'waiting')
select count(*) as people, max(id) as last from next
"""

#: reason -> condition on enrollment `e`; the first that holds is named
_STOPS = {
    "replied": "exists (select 1 from message m where m.debtor_id = e.debtor_id and m.direction = 'in'"
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
    """What a slice did. `more` is False when nothing is left to do now."""

    enrolled: int = 0
    submitted: Sequence[Submitted] = ()
    more: bool = False


class OvertakenError(Exception):
    """The campaign was paused or cancelled while the slice was planned: nothing of it is kept."""


async def plan_slice(session: AsyncSession, campaign_id: int, *, now: datetime, settings: Settings) -> Slice:
    """Plan the next people of a running campaign in the caller's transaction.

    Raises OvertakenError when the campaign stopped running meanwhile; the caller rolls back.
    """
    locked = await session.scalar(
        sa.text("select pg_try_advisory_xact_lock(:space, cast(:id % 2147483648 as int))"),
        {"space": PLAN_LOCK, "id": campaign_id},
    )
    campaign = await db.one(session, "select * from campaign where id = :id", id=campaign_id)
    if not locked or campaign is None or campaign["status"] != CampaignStatus.RUNNING:
        return Slice()
    run = _Run(session, campaign, validate(campaign["definition"]), now, settings)
    if changed := run.changed_template(await db.rows(session, _STEPS, id=campaign_id)):
        await session.execute(
            sa.text(_PAUSE), {"id": campaign_id, "why": f"Template {changed} changed since launch: look, then resume."}
        )
        return Slice()
    enrolled, last = await run.enrol() if campaign["planned_at"] is None else (0, None)
    submitted, due = await run.advance()
    await run.close(last, planned=enrolled < SLICE)
    return Slice(enrolled=enrolled, submitted=submitted, more=enrolled == SLICE or due == SLICE)


_STEPS = "select template, template_version from campaign_step where campaign_id = :id"
_CLOSE = """
update campaign set planned_to = coalesce(:last, planned_to),
  planned_at = coalesce(planned_at, case when :planned then cast(:now as timestamptz) end)
where id = :id and status = 'running' returning id
"""
_PAUSE = "update campaign set status = 'paused', paused_why = :why where id = :id and status = 'running'"


@dataclass(frozen=True)
class _Run:
    session: AsyncSession
    campaign: Mapping[str, Any]
    definition: Definition
    now: datetime
    settings: Settings

    def changed_template(self, steps: Sequence[Mapping[str, Any]]) -> str | None:
        """A text edited after the launch does not go out unseen."""
        return next(
            (s["template"] for s in steps if wording.load(s["template"]).version != s["template_version"]), None
        )

    async def enrol(self) -> tuple[int, int | None]:
        """The next people of the audience, by id: how many, and the last one."""
        meant = self.definition.audience
        first_days = timedelta(days=self.definition.steps[0].after_days)
        found = await db.one(
            self.session,
            _ENROL.format(people=audience.people(meant)),
            **audience.values(meant, now=self.now)
            | {"campaign": self.campaign["id"], "after": self.campaign["planned_to"], "slice": SLICE, "now": self.now}
            | {
                "first": (max(self.campaign["occurrence"], 1) - 1) * len(self.definition.steps) + 1,
                "due": self.now + first_days,
            },
        )
        assert found is not None  # an aggregate always has a row
        return found["people"], found["last"]

    async def close(self, last: int | None, *, planned: bool) -> None:
        """Move the cursor, last of all: the row is locked for an instant, and a pause never waits for a slice."""
        running = await self.session.scalar(
            sa.text(_CLOSE).bindparams(sa.bindparam("last", type_=sa.BigInteger)),
            {"last": last, "planned": planned, "now": self.now, "id": self.campaign["id"]},
        )
        if running is None:
            raise OvertakenError

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
