"""What the portal reads: a person's debts with everything their pages say, in one query each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.accounts.models import AccountStatus, HoldReason

_UNDER_REVIEW = {
    HoldReason.DISPUTE,
    HoldReason.VALIDATION_REQUEST,
    HoldReason.ORIGINAL_CREDITOR_REQUEST,
    HoldReason.IDENTITY_THEFT,
}
#: a person or a lawyer speaks for them, or the law forbids: nothing about the debt here (dialog-spec section 8)
_APART = {
    HoldReason.ATTORNEY,
    HoldReason.BANKRUPTCY,
    HoldReason.DECEASED,
    HoldReason.MINOR,
    HoldReason.SELF_HARM,
    HoldReason.THREAT,
}


@dataclass(frozen=True, kw_only=True)
class Debt:
    """One debt as its owner reads it. `number` is its place on their own list: addresses hold no other reference."""

    number: int
    account_id: int
    debtor_id: int
    creditor: str
    creditor_relationship: str
    original_creditor: str
    ref: str
    debt_type: str
    status: str
    principal_cents: int
    interest_cents: int
    fees_cents: int
    payments_cents: int
    balance_cents: int
    opened_date: date | None
    default_date: date | None
    charge_off_date: date | None
    last_payment_date: date | None
    itemization_date: date | None
    limitation_date: date | None
    validation_provided_at: datetime | None
    validation_period_end: date | None
    min_monthly_cents: int
    max_months: int
    first_payment_within_days: int
    payment_instructions: Mapping[str, Any]
    holds: frozenset[str]
    #: newest open request about this debt: its kind, and when it came
    asked_kind: str | None
    asked_at: datetime | None
    #: our answer to the newest one that was answered in the portal
    answer: str | None
    plan_id: int | None
    plan_status: str | None

    @property
    def last4(self) -> str:
        return self.ref[-4:]

    @property
    def url(self) -> str:
        return f"/debts/{self.number}"

    @property
    def state(self) -> str:
        """open | review (disputed or documents asked for: no figure, no offer) | apart | closed"""
        if self.status != AccountStatus.OPEN or self.balance_cents <= 0:
            return "closed"
        if self.holds & _APART:
            return "apart"
        return "review" if self.asked_kind or self.holds & _UNDER_REVIEW else "open"

    def time_barred(self, today: date) -> bool:
        return self.limitation_date is not None and self.limitation_date <= today


_DEBTS = """
select row_number() over (order by a.id) as number, a.id as account_id, a.debtor_id, c.name as creditor,
  c.relationship as creditor_relationship, a.original_creditor, a.ref, a.debt_type, a.status, a.principal_cents,
  a.interest_cents, a.fees_cents, a.payments_cents, a.balance_cents, a.opened_date, a.default_date, a.charge_off_date,
  a.last_payment_date, a.itemization_date, a.limitation_date, a.validation_provided_at, a.validation_period_end,
  c.min_monthly_cents, c.max_months, c.first_payment_within_days, c.payment_instructions,
  coalesce(h.reasons, '{}') as holds, q.kind as asked_kind, q.received_at as asked_at,
  r.words as answer, p.id as plan_id, p.status as plan_status
from account a join creditor c on c.id = a.creditor_id
left join lateral (
  select array_agg(distinct reason) as reasons from hold h
  where h.debtor_id = a.debtor_id and (h.account_id is null or h.account_id = a.id) and h.contact_point_id is null
    and h.medium is null and h.since <= :now and (h.until is null or h.until > :now)) h on true
left join lateral (
  select kind, received_at from dispute q where q.account_id = a.id and q.status = 'open'
  order by received_at desc limit 1) q on true
left join lateral (
  select r.answer ->> 'words' as words from dispute r where r.account_id = a.id and r.answer_method = 'portal'
    and r.answered_at is not null order by r.answered_at desc limit 1) r on true
left join lateral (
  select id, status from plan p where p.account_id = a.id
    and p.status in ('review', 'agreed', 'active', 'suspended', 'broken', 'completed')
  order by p.status = 'review', p.status = 'completed', p.id desc limit 1) p on true
where a.debtor_id = :debtor_id order by a.id
"""


async def debts(session: AsyncSession, *, debtor_id: int, now: datetime) -> Sequence[Debt]:
    """Every debt of a person, in the order of their list."""
    found = await db.rows(session, _DEBTS, debtor_id=debtor_id, now=now)
    return [Debt(**{**row, "holds": frozenset(row["holds"])}) for row in found]


async def ledger(session: AsyncSession, *, account_id: int) -> list[Mapping[str, Any]]:
    """The running account: how the sum arose, line by line, oldest first."""
    return await db.rows(
        session,
        "select at, kind, component, amount_cents from ledger_entry where account_id = :id order by at, id",
        id=account_id,
    )


async def payments(session: AsyncSession, *, account_id: int) -> list[Mapping[str, Any]]:
    return await db.rows(
        session,
        "select paid_at, amount_cents, reference from payment where account_id = :id order by paid_at desc, id desc",
        id=account_id,
    )


async def plan(session: AsyncSession, *, account_id: int) -> Mapping[str, Any] | None:
    """The plan in force, else the newest completed one."""
    return await db.one(
        session,
        "select * from plan where account_id = :id and status in ('agreed', 'active', 'suspended', 'broken', 'completed')"
        " order by status = 'completed', id desc limit 1",
        id=account_id,
    )


async def wish(session: AsyncSession, *, account_id: int) -> Mapping[str, Any] | None:
    """A plan being talked about on any channel, so that what began by text is finished here."""
    return await db.one(
        session,
        "select frequency, amount_cents, first_date from plan where account_id = :id"
        " and status in ('collecting', 'countered', 'proposed')",
        id=account_id,
    )


async def person(session: AsyncSession, *, debtor_id: int) -> Mapping[str, Any]:
    """What the guard compares and pages greet with."""
    found = await db.one(
        session,
        "select id, first_name, last_name, language, state, zip, date_of_birth, stated_timezone"
        " from debtor where id = :id",
        id=debtor_id,
    )
    assert found is not None, "a session belongs to a person"
    return found


async def hold_until(session: AsyncSession, *, account_id: int, reason: HoldReason) -> datetime | None:
    """The end of the newest hold of a reason on an account."""
    found = await db.one(
        session,
        "select until from hold where account_id = :id and reason = :reason order by id desc limit 1",
        id=account_id,
        reason=reason.value,
    )
    return found["until"] if found else None


async def promised(session: AsyncSession, *, debtor_id: int, reason: str) -> datetime | None:
    """By when a person answers the open case of a reason."""
    found = await db.one(
        session,
        "select due_at from cases where debtor_id = :id and reason = :reason and status <> 'closed'",
        id=debtor_id,
        reason=reason,
    )
    return found["due_at"] if found else None


async def wishes(session: AsyncSession, *, debtor_id: int) -> dict[str, Mapping[str, Any]]:
    """Kind -> the newest wish of that kind."""
    found = await db.rows(
        session,
        "select distinct on (kind) kind, value from preference where debtor_id = :id order by kind, at desc, id desc",
        id=debtor_id,
    )
    return {row["kind"]: row["value"] for row in found}


async def thread(session: AsyncSession, *, debtor_id: int) -> list[Mapping[str, Any]]:
    """The last of everything said with a person, whatever the channel, oldest first; what never left is not shown."""
    found = await db.rows(
        session,
        "select direction, channel, text, created_at, staff_id is not null as by_person,"
        " case when purpose = 'form' then subject else '' end as chosen from message"
        " where debtor_id = :id and (text <> '' or purpose = 'form') and (direction = 'in'"
        "   or status in ('accepted', 'sent', 'delivered') or (channel = 'web' and status in ('queued', 'claimed', 'sending')))"
        " order by created_at desc, id desc limit 60",
        id=debtor_id,
    )
    return found[::-1]


async def held_by(session: AsyncSession, *, debtor_id: int) -> str:
    """The name of the colleague who took the thread, \"\" while the assistant answers."""
    found = await db.one(
        session,
        "select s.name from thread t join staff s on s.id = t.held_by where t.debtor_id = :id",
        id=debtor_id,
    )
    return str(found["name"]) if found else ""


async def stopped(session: AsyncSession, *, debtor_id: int) -> list[str]:
    """The media whose newest word is a refusal."""
    found = await db.rows(
        session,
        "select m.medium from (values ('sms'), ('email')) m (medium) cross join lateral ("
        " select kind from consent where debtor_id = :id and scope <> 'address'"
        "   and (medium = m.medium or scope = 'all_electronic') order by at desc, id desc limit 1) c"
        " where c.kind = 'refusal' order by m.medium",
        id=debtor_id,
    )
    return [row["medium"] for row in found]
