"""Values of a message, normalised (dialog-spec section 6). Each reader blanks what it took, so no figure is read twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from dialogs.understand.slots import contact, media, plans, reach, reasons, slips

_PLAN = {
    "amount",
    "amount_min",
    "amount_max",
    "down_payment",
    "frequency",
    "count",
    "start_date",
    "currency",
    "account_ref",
}
_ONE = {"amount", "currency", "date", "full_balance", "account_ref"}
#: what may be said with an intent; anything else found is noise for it
BELONGS: dict[str, set[str]] = {
    "propose_plan": _PLAN,
    "accept_offer": {"amount", "percent", "currency", "frequency", "start_date"},
    "decline_offer": {"amount", "amount_max", "amount_min", "currency", "frequency"},
    "settlement_offer": {"amount", "amount_max", "amount_min", "percent", "currency", "date", "account_ref"},
    "pay_now": _ONE | {"percent"},
    "promise_to_pay": _ONE | {"percent"},
    "already_paid": _ONE,
    "reschedule_payment": {"date", "amount", "currency"},
    "cancel_plan": {"date", "account_ref"},
    "dispute": {"reason", "account_ref"},
    "hardship": {"reason"},
    "inconvenient_time_or_place": {"time_window", "quiet_window", "days", "quiet_days", "place"},
    "channel_preference": {"channel", "not_channel", "time_window", "days"},
    "language_switch": {"language"},
    "bankruptcy": {"chapter", "case_number"},
    "ask_balance": {"account_ref"},
    "ask_debt_details": {"account_ref"},
    "request_validation": {"account_ref"},
    "original_creditor_request": {"account_ref"},
    "identity_theft": {"account_ref"},
    "plan_status": {"account_ref"},
}
_INFORM = _PLAN | {"date", "zip", "dob", "ssn_last4", "percent", "reason", "full_balance"}
_ASKED_FOR: dict[str, set[str]] = {
    "plan_amount": {
        "amount",
        "amount_min",
        "amount_max",
        "currency",
        "count",
        "frequency",
        "start_date",
        "down_payment",
    },
    "plan_frequency": {"frequency", "start_date", "amount", "currency", "count"},
    "offer": {"start_date", "frequency", "amount", "currency"},
    "confirm": {"start_date", "frequency", "amount", "currency"},
    "plan_start": {"start_date", "frequency", "amount", "currency"},
    "identity": {"zip", "dob", "ssn_last4", "account_ref"},
    "dispute_reason": {"reason"},
}


def read(
    text: str,
    low: str,
    *,
    intents: AbstractSet[str],
    expecting: str | None,
    today: date,
    lang: str,
    why: Callable[[str, Sequence[str]], str | None],
) -> dict[str, Any]:
    """Slots the message states and its intents call for. `low` is the folded text.

    `why`: the likeliest reason of a "dispute" or "hardship", given the codes whose patterns match.
    """
    found: dict[str, Any] = {}
    low = slips.respelled(low)
    said, rest = contact.contact(low)
    found.update(said)
    said, rest = contact.references(text, rest)
    found.update(said)
    asked_identity = expecting == "identity"
    if asked_identity or "inform" in intents:
        said, rest = contact.identity(rest, today, asked=asked_identity)
        found.update(said)
    if intents & {"inconvenient_time_or_place", "channel_preference"}:
        found.update(_contact_wishes(rest, intents))
        rest = "" if not intents & plans.MONEY_INTENTS else rest
    found.update(plans.read(rest, intents, expecting, today))
    if "dispute" in intents or expecting == "dispute_reason":
        ground = why("dispute", reasons.heard("dispute", low))
        # "paid that off two years ago" is no matter of age
        found["reason"] = "paid" if ground == "time_barred" and "already_paid" in intents else ground
        found["reason"] = found["reason"] or ("other" if expecting == "dispute_reason" else None)
    elif "hardship" in intents:
        found["reason"] = why("hardship", reasons.heard("hardship", low))
    elif "already_paid" in intents and found.get("full_balance"):
        found["reason"] = "paid"
    if "language_switch" in intents:
        found["language"] = reasons.language(low, lang)
    return {k: v for k, v in found.items() if v is not None and k in _allowed(intents, expecting)}


def _allowed(intents: AbstractSet[str], expecting: str | None) -> set[str]:
    allowed = {"phone", "email"}
    for intent in intents:
        allowed |= BELONGS.get(intent, set())
    if "inform" in intents:
        allowed |= _ASKED_FOR.get(expecting or "", _INFORM)
    return allowed | _ASKED_FOR.get(expecting or "", set())


def _contact_wishes(low: str, intents: AbstractSet[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "channel_preference" in intents:
        found["channel"], found["not_channel"] = media.media(low.replace("'", ""))
    if "inconvenient_time_or_place" in intents:
        found.update(reach.wishes(low))
    return found
