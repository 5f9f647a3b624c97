"""What is true before a turn: people.Person -> dialogs.Facts. What this very message has changed is left out, so that the dialog
answers "received", not "already on file"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from dialogs import turn
from dialogs.identity import factors
from outreach import db, tokens
from outreach.context import Context
from outreach.messages.people import Person

#: holds that end every automated word about the debt
_STOPS = frozenset(
    [
        "cease",
        "attorney",
        "bankruptcy",
        "deceased",
        "minor",
        "self_harm",
        "threat",
        "recalled",
    ]
)
_PLANS = """
select distinct on (p.account_id) p.account_id, p.id, p.status, p.amount_cents, p.frequency, p.first_date, p.count, p.last_cents,
  p.down_payment_cents, p.moves_used,
  (select count(*) from installment i where i.plan_id = p.id and i.paid_cents = i.amount_cents) as paid,
  (select min(i.due_date) from installment i where i.plan_id = p.id and i.paid_cents < i.amount_cents) as next_date
from plan p where p.debtor_id = :d and p.status in ('agreed', 'active', 'suspended') order by p.account_id, p.id desc
"""


async def facts(
    session: AsyncSession,
    context: Context,
    person: Person,
    message: Mapping[str, Any],
    *,
    memory: Mapping[str, Any],
    link: str,
) -> turn.Facts:
    """Everything the dialog may know for the answer to one inbound message."""
    plans = {p["account_id"]: p for p in await db.rows(session, _PLANS, d=person["id"])}
    before: datetime = message["created_at"]
    holds = [h for h in person["holds"] or [] if _at(h["since"]) < before]
    accounts = [a for a in person["accounts"] or [] if a["status"] == "open"]
    return turn.Facts(
        verified=_verified(person, message),
        language=str(memory.get("language") or person["language"]),
        accounts=[_account(a, person, holds, plans.get(a["id"]), message) for a in accounts],
        company=company(context, person["state"] or ""),
        link=link,
        identity=identity(context.key, person, accounts),
        first_account_reply=person["disclosed_at"] is None or person["state"] == "DC",
        opted_out=frozenset(_refused(person, before)),
        blocked=any(h["reason"] in _STOPS for h in holds),
        held_by_person=person["held_by"] is not None,
        hardship=memory.get("hardship"),
        name=f"{person['first_name']} {person['last_name']}",
        policy=_policy(accounts),
        carrier_confirms_stop=bool(message["content"].get("opt_out_type")),
    )


def company(context: Context, state: str) -> dict[str, str]:
    """Who we are, as said to anyone who asks."""
    s = context.settings
    return {
        "name": s.company_name,
        "address": s.company_address,
        "phone": s.company_phone,
        "web": s.company_web,
        "email": s.company_email,
        "licence": s.licences().get(state, ""),
        "dispute_address": s.company_address,
    }


def identity(key: bytes, person: Person, accounts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Factors as keyed digests: the dialog compares, it never sees them. The key is this person's own."""
    born: date | None = person["date_of_birth"]
    return factors(
        key=tokens.sign(key, "identity", str(person["id"])),
        zip_code=(person["zip"] or "")[:5],
        dob=born.isoformat() if born else "",
        refs=[a["ref"] for a in accounts],
    )


def _verified(person: Person, message: Mapping[str, Any]) -> bool:
    if message["medium"] == "web":
        return message["content"].get("verified") is not False  # the portal's guard was passed, unless it says not
    point = next((p for p in person["points"] or [] if p["id"] == message["contact_point_id"]), None)
    if point is None or point["status"] != "current":
        return False
    return point["verified_at"] is not None


def _refused(person: Person, before: datetime) -> list[str]:
    """Media refused before this message."""
    latest: dict[str, str] = {}
    for event in person["consents"] or []:
        if _at(event["at"]) >= before:
            continue
        media = ("sms", "email", "web") if event["scope"] == "all_electronic" else (event["medium"],)
        for medium in media:
            latest[medium] = event["kind"]
    return [medium for medium, kind in latest.items() if kind == "refusal"]


def _account(
    a: Mapping[str, Any],
    person: Person,
    holds: Sequence[Mapping[str, Any]],
    plan: Mapping[str, Any] | None,
    message: Mapping[str, Any],
) -> turn.Account:
    disputes = [
        x for x in person["disputes"] or [] if x["account"] == a["id"] and _at(x["received_at"]) < message["created_at"]
    ]
    standing = next((x for x in disputes if x["status"] == "open"), None)
    answered = next((x for x in reversed(disputes) if x["status"] == "answered"), None)
    held = [
        h
        for h in holds
        if h["account"] in {a["id"], None} and h["reason"] not in {"plan", "person", "replied", "hardship"}
    ]
    return turn.Account(
        ref=a["ref"],
        creditor=a["creditor"],
        balance_cents=a["balance"],
        original_creditor=a["original"],
        debt_type=a["type"],
        currency=a["currency"],
        opened_date=date.fromisoformat(a["opened"]) if a["opened"] else None,
        principal_cents=a["principal"],
        interest_cents=a["interest"],
        fees_cents=a["fees"],
        payments_cents=a["payments"],
        time_barred=bool(a["limitation"]) and a["limitation"] <= message["created_at"].date().isoformat(),
        held=bool(held),
        dispute="open" if standing else "answered" if answered else "none",
        dispute_reason=(standing or answered or {}).get("reason"),
        plan=_plan(plan) if plan else None,
    )


def _plan(p: Mapping[str, Any]) -> turn.Plan:
    return turn.Plan(
        status=p["status"],
        amount_cents=p["amount_cents"],
        frequency=p["frequency"],
        start=p["first_date"],
        count=p["count"],
        paid=p["paid"],
        next_date=p["next_date"],
        moves_used=p["moves_used"],
        last_cents=p["last_cents"],
        down_payment_cents=p["down_payment_cents"] or None,
    )


def _policy(accounts: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The creditor's written terms; of several creditors, the strictest."""
    if not accounts:
        return {}
    return {
        "min_monthly_cents": max(a["min_monthly"] for a in accounts),
        "max_months": min(a["max_months"] for a in accounts),
        "first_payment_within_days": min(a["first_within"] for a in accounts),
    }


def _at(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
