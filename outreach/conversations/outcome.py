"""The outcome record of a person (dialog-spec section 10), read from the database: what the conversation has come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.conversations import wishes as said

#: hand-off reasons of section 9; our own queue has a few more
_HAND_OFFS = frozenset(
    [
        "ask_human",
        "attorney",
        "bankruptcy",
        "cease",
        "complaint",
        "deceased",
        "dispute_on_plan",
        "duplicate_dispute",
        "hardship",
        "identity_theft",
        "language",
        "legal_question",
        "low_confidence",
        "minor",
        "out_of_scope",
        "payment_check",
        "plan_change",
        "plan_exception",
        "self_harm",
        "servicemember",
        "settlement",
        "threat",
        "unresolved",
        "verification_failed",
    ]
)
_HOLDS = frozenset(
    [
        "attorney",
        "bankruptcy",
        "deceased",
        "identity_theft",
        "dispute",
        "validation_request",
        "original_creditor_request",
        "servicemember",
        "minor",
    ]
)
#: no automated send on any channel
_ALL = frozenset(["cease", "attorney", "bankruptcy", "deceased", "minor", "self_harm", "threat"])

_RECORD = """
select d.language,
  (select json_agg(distinct h.reason) from hold h where h.debtor_id = d.id and h.until is null) as holds,
  (select json_agg(x.medium) from (select distinct on (m.medium) m.medium, c.kind
     from (values ('sms'), ('email'), ('web')) m(medium)
     join consent c on c.debtor_id = d.id and (c.medium = m.medium or c.scope = 'all_electronic')
     order by m.medium, c.at desc, c.id desc) x where x.kind = 'refusal') as refused,
  (select json_agg(distinct case p.kind when 'phone' then 'sms' else 'email' end)
     from contact_point p where p.debtor_id = d.id and p.status = 'wrong_party') as removed,
  (select json_agg(json_build_object('kind', x.kind, 'status', x.status, 'reason', x.reason) order by x.id)
     from dispute x where x.debtor_id = d.id) as disputes,
  (select json_agg(json_build_object('reason', c.reason, 'priority', c.priority) order by c.id)
     from cases c where c.debtor_id = d.id) as cases,
  (select row_to_json(pl) from (select p.status, a.ref as account, p.amount_cents, p.frequency, p.first_date, p.count,
       p.last_cents, p.down_payment_cents from plan p join account a on a.id = p.account_id
     where p.debtor_id = d.id and (p.status <> 'cancelled' or p.agreed_at is not null) order by p.id desc limit 1) pl) as plan,
  (select row_to_json(pr) from (select amount_cents, date from promise
     where debtor_id = d.id and status = 'open' order by id desc limit 1) pr) as promise,
  (select json_object_agg(w.kind, w.value) from (select distinct on (kind) kind, value from preference
     where debtor_id = d.id order by kind, at desc, id desc) w) as wishes,
  (select o -> 'OffersSettlement' from turn t, jsonb_array_elements(t.outcomes) o
     where t.debtor_id = d.id and o ? 'OffersSettlement' order by t.id desc limit 1) as settlement
from debtor d where d.id = :d
"""


async def outcome(session: AsyncSession, *, debtor_id: int, verified: bool) -> dict[str, Any]:
    """Amounts are numbers in currency units, dates ISO. `verified`: of the channel last used."""
    row = await db.one(session, _RECORD, d=debtor_id)
    if row is None:
        raise LookupError(f"no debtor {debtor_id}")
    holds, wishes = set(row["holds"] or []), row["wishes"] or {}
    refused, removed = sorted(row["refused"] or []), sorted(row["removed"] or [])
    disputes = row["disputes"] or []
    return {
        "opted_out": refused,
        **{name: name in holds for name in ("cease", "attorney", "bankruptcy", "deceased", "minor", "servicemember")},
        "address_removed": removed,
        **_dispute(disputes),
        "hold": bool(holds & _HOLDS),
        "verified": verified,
        "language": row["language"],
        "plan": _plan(row["plan"]),
        "promise": _promise(row["promise"]),
        "settlement_offer": _settlement(row["settlement"]),
        "hardship": (wishes.get("hardship") or {}).get("reason"),
        "prefs": _prefs(wishes),
        "escalations": [c for c in row["cases"] or [] if c["reason"] in _HAND_OFFS],
        "blocked": ["all"] if holds & _ALL else sorted({*refused, *removed}),
    }


def _dispute(disputes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    standing = [x for x in disputes if x["kind"] == "dispute" and x["status"] in {"open", "duplicate"}]
    pending = {x["kind"] for x in disputes if x["status"] == "open"}
    last = standing[-1] if standing else None
    return {
        "dispute": last["status"] if last else "none",
        "dispute_reason": last["reason"] if last else None,
        "validation_requested": "validation" in pending,
        "original_creditor_requested": "original_creditor" in pending,
    }


def _plan(plan: Mapping[str, Any] | None) -> dict[str, Any]:
    if plan is None:
        return {"status": "none"}
    return {
        "status": {"review": "countered", "completed": "active", "broken": "active"}.get(
            plan["status"], plan["status"]
        ),
        "account": plan["account"],
        "amount": _units(plan["amount_cents"]),
        "frequency": plan["frequency"],
        "start": plan["first_date"],
        "count": plan["count"],
        "last_amount": _units(plan["last_cents"]),
        "down_payment": _units(plan["down_payment_cents"] or None),
    }


def _promise(promise: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if promise is None else {"amount": _units(promise["amount_cents"]), "date": promise["date"]}


def _settlement(offer: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if offer is None else {"amount": _units(offer["amount_cents"]), "percent": offer["percent"]}


def _prefs(wishes: Mapping[str, Any]) -> dict[str, Any]:
    quiet, wanted = said.entries(wishes.get("quiet_window") or {}), wishes.get("time_window") or {}
    return {
        "channel": (wishes.get("channel") or {}).get("channel"),
        "not_channel": (wishes.get("not_channel") or {}).get("channels", []),
        "quiet_window": next((q["window"] for q in quiet if q["window"]), None),
        "time_window": wanted.get("window") or None,
        "days": wanted.get("days") or None,
        "quiet_days": next((q["days"] for q in quiet if q["days"]), None),
        "place": (wishes.get("place") or {}).get("place"),
    }


def _units(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
