"""The person of a played scenario, as rows: contact bases, licence and validation in order, and what happened before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.money import installments

_numbers = count(1)


async def cast(session: AsyncSession, scenario: Mapping[str, Any], *, now: datetime) -> tuple[int, dict[str, str]]:
    """(debtor id, address by channel)."""
    person, prior = scenario["person"], scenario.get("prior") or {}
    first, _, last = str(person["name"]).partition(" ")
    debtor_id = await _insert(
        session,
        "debtor",
        ref=f"play-{uuid4().hex[:12]}",
        first_name=first,
        last_name=last,
        language=scenario["lang"],
        date_of_birth=date.fromisoformat(str(person["dob"])),
        zip=str(person["zip"]),
        state=person.get("state"),
        stated_timezone=person["tz"],
        stated_timezone_at=now - timedelta(days=30),
        created_at=now,
    )
    address = await _addresses(session, scenario, debtor_id, now=now)
    balances = {str(a["ref"]): a.get("balance") for a in prior.get("accounts") or []}
    accounts = {}
    for given in scenario["accounts"]:
        owed = balances.get(str(given["ref"]), given["balance"])
        accounts[str(given["ref"])] = await _account(session, scenario, {**given, "balance": owed}, debtor_id, now=now)
    await _prior(session, prior, debtor_id, accounts, now=now)
    return debtor_id, address


async def _addresses(
    session: AsyncSession, scenario: Mapping[str, Any], debtor_id: int, *, now: datetime
) -> dict[str, str]:
    number = next(_numbers)
    address = {
        "sms": f"+1415{5_550_000 + number % 10_000:07d}" if number < 10_000 else f"+1{4_150_000_000 + number}",
        "email": f"play{number}-{debtor_id}@mail.example",
        "web": f"web:{debtor_id}",
    }
    verified = now - timedelta(days=10) if scenario["trust"] == "verified" else None
    for kind, channel in (("phone", "sms"), ("email", "email")):
        await _insert(
            session,
            "contact_point",
            debtor_id=debtor_id,
            kind=kind,
            address=address[channel],
            line="mobile" if kind == "phone" else None,
            area_code="415" if kind == "phone" else None,
            basis="direct_consent",
            basis_at=now - timedelta(days=10),
            verified_at=verified,
            created_at=now,
        )
    return address


async def _account(
    session: AsyncSession, scenario: Mapping[str, Any], given: Mapping[str, Any], debtor_id: int, *, now: datetime
) -> int:
    policy = scenario["policy"]
    creditor_id = await session.scalar(
        sa.text(
            "insert into creditor (name, relationship, sms_allowed, sms_allowed_reason, min_monthly_cents, max_months,"
            " first_payment_within_days, created_at) values (:name, 'third_party', true, 'played', :floor, :months, :days, :now)"
            " on conflict (name) do update set min_monthly_cents = excluded.min_monthly_cents,"
            " max_months = excluded.max_months, first_payment_within_days = excluded.first_payment_within_days returning id"
        ),
        {
            "name": given["creditor"],
            "floor": _cents(policy["min_monthly"]),
            "months": policy["max_months"],
            "days": policy["first_payment_within_days"],
            "now": now,
        },
    )
    balance, told = _cents(given["balance"]), now - timedelta(days=40)
    return await _insert(
        session,
        "account",
        creditor_id=creditor_id,
        debtor_id=debtor_id,
        ref=_own_ref(debtor_id, given["ref"]),
        principal_cents=balance,
        balance_cents=balance,
        debt_type=given.get("debt_type", "medical"),
        opened_date=now.date() - timedelta(days=400),
        limitation_date=now.date() + timedelta(days=-100 if given.get("time_barred") else 1000),
        initial_communication_at=told,
        validation_provided_at=told,
        validation_method="mail",
        validation_period_end=now.date() - timedelta(days=2),
        created_at=now,
    )


def _own_ref(debtor_id: int, ref: object) -> str:
    """References are one creditor's own; here many scenarios share a creditor, so each gets its person's prefix."""
    return f"{debtor_id}-{ref}"


def given_ref(ref: str) -> str:
    return ref.partition("-")[2]


async def _prior(
    session: AsyncSession, prior: Mapping[str, Any], debtor_id: int, accounts: Mapping[str, int], *, now: datetime
) -> None:
    if plan := prior.get("plan"):
        await _plan(session, plan, debtor_id, accounts, now=now)
    if dispute := prior.get("dispute"):
        for account_id in accounts.values():
            await _dispute(session, dispute, debtor_id, account_id, now=now)
    if prior.get("hold"):
        await _insert(
            session, "hold", debtor_id=debtor_id, reason="manual", since=now - timedelta(days=5), source="prior"
        )


async def _plan(
    session: AsyncSession, plan: Mapping[str, Any], debtor_id: int, accounts: Mapping[str, int], *, now: datetime
) -> None:
    account_id = accounts.get(str(plan.get("account"))) or next(iter(accounts.values()))
    first = date.fromisoformat(str(plan["start"]))
    amount, parts, paid = _cents(plan["amount"]), int(plan["count"]), int(plan.get("paid", 0))
    last = _cents(plan["last_amount"]) if plan.get("last_amount") else amount
    plan_id = await _insert(
        session,
        "plan",
        account_id=account_id,
        debtor_id=debtor_id,
        status=plan["status"],
        amount_cents=amount,
        frequency=plan["frequency"],
        first_date=first,
        count=parts,
        last_cents=last,
        total_cents=amount * (parts - 1) + last,
        proposed_via="prior",
        proposed_at=now - timedelta(days=30),
        agreed_at=now - timedelta(days=30),
    )
    days = installments.due_dates(first=first, frequency=plan["frequency"], count=parts)
    for number, due in enumerate(days, start=1):
        owed = last if number == parts else amount
        done = owed if number <= paid else 0
        day = date.fromisoformat(str(plan["next"])) if number == paid + 1 and plan.get("next") else due
        await _insert(
            session, "installment", plan_id=plan_id, number=number, due_date=day, amount_cents=owed, paid_cents=done
        )


async def _dispute(
    session: AsyncSession, dispute: Mapping[str, Any], debtor_id: int, account_id: int, *, now: datetime
) -> None:
    opened = datetime.combine(date.fromisoformat(str(dispute["opened"])), now.timetz())
    answered = dispute.get("answered")
    await _insert(
        session,
        "dispute",
        account_id=account_id,
        debtor_id=debtor_id,
        reason=dispute.get("reason"),
        status=dispute["status"],
        via="sms",
        received_at=opened,
        answered_at=datetime.combine(date.fromisoformat(str(answered)), now.timetz()) if answered else None,
        answer_method="mail" if answered else None,
    )
    if dispute["status"] == "open":
        await _insert(
            session, "hold", debtor_id=debtor_id, account_id=account_id, reason="dispute", since=opened, source="prior"
        )


async def _insert(session: AsyncSession, table: str, **values: Any) -> int:
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    found = await session.execute(sa.text(f"insert into {table} ({names}) values ({marks}) returning id"), values)
    return int(found.scalar_one())


def _cents(units: float) -> int:
    return round(float(units) * 100)
