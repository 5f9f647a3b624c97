"""Values of a message, normalised (dialog-spec section 6). Each reader blanks what it took, so no figure is read twice."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Any

from dialogs.understand.slots import contact, dates, media, money, reasons, rhythm, windows

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
    "accept_offer": {"amount", "currency", "frequency", "start_date"},
    "decline_offer": {"amount", "amount_max", "amount_min", "currency", "frequency"},
    "settlement_offer": {"amount", "amount_max", "amount_min", "percent", "currency", "date", "account_ref"},
    "pay_now": _ONE | {"percent"},
    "promise_to_pay": _ONE,
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
    "plan_start": {"start_date", "frequency", "amount", "currency"},
    "identity": {"zip", "dob", "ssn_last4", "account_ref"},
    "dispute_reason": {"reason"},
}
_FULL = re.compile(
    r"(?<![a-z])(?:in full|(?:the |my )?(?:full|whole|entire|total|remaining) (?:balance|amount|thing|bill|debt|sum|payment|lot)|all of it|it all|every (?:cent|penny|last cent)|everything|pay (?:it |this |that )?off|paid (?:it |this )?off|payoff|pay it in one|(?:todo|completo|en su totalidad|el total|la totalidad|por completo|toda la deuda|todo el saldo|el saldo completo|completa|totalmente))(?![a-z])"
)
_HELLO = re.compile(r"(?:good (?:morning|afternoon|evening)|buen[oa]s (?:dias|tardes|noches))")
_CLAUSES = re.compile(
    r"[.;!?\n]|,|\bbut\b|\bpero\b|\bonly\b(?= (?:text|call|email|message|contact|after|before))|\bplease\b(?= (?:text|call|message|only|contact|email))"
)
_BEGINS = re.compile(
    r"(?:start\w*|begin\w*|commencing|from|as of|first payment|first one|empez\w+|comenz\w+|a partir|iniciando|desde|primer pago)(?: (?:on|el|de|with|del|the|is|sera|es))*\s*$"
)
_EVERY = re.compile(r"(?:every|each|cada|todos los)(?: other| otro)?\s*$")
_MOVED_TO = re.compile(r"(?:to|al|para el|on|el) (\d{1,2})(?!\d|/|:|[a-z$])")


def read(
    text: str, low: str, *, intents: AbstractSet[str], expecting: str | None, today: date, lang: str
) -> dict[str, Any]:
    """Slots the message states and its intents call for. `low` is the folded text."""
    found: dict[str, Any] = {}
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
        rest = "" if not intents & _MONEY_INTENTS else rest
    found.update(_plan_and_money(rest, intents, expecting, today))
    if "dispute" in intents or expecting == "dispute_reason":
        ground = reasons.dispute(low)
        # "paid that off two years ago" is no matter of age
        found["reason"] = "paid" if ground == "time_barred" and "already_paid" in intents else ground
        found["reason"] = found["reason"] or ("other" if expecting == "dispute_reason" else None)
    elif "hardship" in intents:
        found["reason"] = reasons.hardship(low)
    elif "already_paid" in intents and found.get("full_balance"):
        found["reason"] = "paid"
    if "language_switch" in intents:
        found["language"] = reasons.language(low, lang)
    return {k: v for k, v in found.items() if v is not None and k in _allowed(intents, expecting)}


_MONEY_INTENTS = {
    "propose_plan",
    "settlement_offer",
    "pay_now",
    "promise_to_pay",
    "already_paid",
    "inform",
    "reschedule_payment",
    "decline_offer",
    "accept_offer",
    "cancel_plan",
}


def _allowed(intents: AbstractSet[str], expecting: str | None) -> set[str]:
    allowed = {"phone", "email"}
    for intent in intents:
        allowed |= BELONGS.get(intent, set())
    if "inform" in intents:
        allowed |= _ASKED_FOR.get(expecting or "", _INFORM)
    return allowed | _ASKED_FOR.get(expecting or "", set())


def _contact_wishes(low: str, intents: AbstractSet[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    plain = low.replace("'", "")
    if "channel_preference" in intents:
        found["channel"], found["not_channel"] = media.media(plain)
    if "inconvenient_time_or_place" in intents:
        plain = _HELLO.sub(" ", plain).replace("nada mas", "solo")
        for clause in _CLAUSES.split(plain):
            unwanted = windows.unwanted(clause)
            hours, when = windows.window(clause), windows.days(clause)
            if hours:
                found.setdefault("quiet_window" if unwanted else "time_window", hours)
            if when:
                found.setdefault("quiet_days" if unwanted else "days", when)
        if windows.unwanted(plain) or not {"time_window", "days"} & found.keys():
            found["place"] = windows.place(plain)
    return found


def _plan_and_money(low: str, intents: AbstractSet[str], expecting: str | None, today: date) -> dict[str, Any]:
    planning = "propose_plan" in intents or expecting in {"plan_amount", "plan_frequency", "plan_start"}
    found: dict[str, Any] = {}
    often = rhythm.frequency(low, bare=expecting == "plan_frequency") if planning or "inform" in intents else None
    past = "already_paid" in intents
    if "reschedule_payment" in intents:
        low = re.sub(
            r"(?:instead of|rather than|en vez del?|en lugar del?) (?:the |on |el )*[\w/]+(?: \d+\w*)?", " ", low
        )
    spoken = low
    if planning or "inform" in intents:
        counted = rhythm.count(low, often[0] if often else None)
        if counted and expecting != "plan_start":
            found["count"] = counted[0]
            if counted[1] and not often:
                found["frequency"] = counted[1]
            low = low[: counted[2]] + "~" * (counted[3] - counted[2]) + low[counted[3] :]
    if often:
        found["frequency"] = often[0]
    # a bare figure answers the question that was asked, so it is no day of the month unless a day was asked for
    if "reschedule_payment" in intents:
        low = _MOVED_TO.sub(lambda m: f"the {m[1]}th", low)
    found_days = _days(low, expecting, today, past)
    low_before = low
    if twice := rhythm.two_days(low) if often else None:
        both = (dates.day_of_month(int(twice[name]), today) for name in ("a", "b"))
        first = min(day for day in both if day)
        found_days = [d for d in found_days if d.end <= twice.start() or d.start >= twice.end()]
        found_days.append(dates.Day(first, twice.start(), twice.end()))
    for day in found_days:
        low = low[: day.start] + "~" * (day.end - day.start) + low[day.end :]
    if found_days:
        chosen = _chosen(found_days, low_before, intents)
        if found.get("frequency") == "semimonthly" and not any(
            _BEGINS.search(low_before[: d.start]) for d in found_days
        ):
            chosen = min(d.date for d in found_days)
        starts = planning or ("inform" in intents and expecting in {"plan_start", "plan_frequency", "plan_amount"})
        found["start_date" if starts else "date"] = chosen.isoformat()
    low = re.sub(r"(?<![a-z])every (?:2|two|3|three|14|15|30|7) \w+", " ", low) if often else low
    found.update(money.read(low, planning=planning, settling="settlement_offer" in intents, percent_of=spoken))
    if _FULL.search(low) and intents & {"pay_now", "promise_to_pay", "already_paid"} and "amount" not in found:
        found["full_balance"] = True
    if any(k in found for k in ("amount", "amount_min", "amount_max", "down_payment")):
        found["currency"] = "USD"
    return found


def _chosen(found: list[dates.Day], low: str, intents: AbstractSet[str]) -> date:
    """A payment that moves goes to the last day named; a plan begins on the day after "starting"; else the first."""
    if "reschedule_payment" in intents:
        return found[-1].date
    begins = [d for d in found if _BEGINS.search(low[: d.start])]
    recurring = next((d.date for d in found if d not in begins and _EVERY.search(low[: d.start])), None)
    if begins and recurring:
        # "every Friday starting next week": the first such day from then on
        first = begins[0].date
        return first + timedelta(days=(recurring.weekday() - first.weekday()) % 7)
    return (begins or found)[0].date


def _days(low: str, expecting: str | None, today: date, past: bool) -> list[dates.Day]:
    if expecting == "plan_start":
        # an answer to "from which day?": "3-20", "monday 16"
        low = re.sub(r"(?<![\d/-])(\d{1,2})-(\d{1,2})(?![\d/-])", r"\1/\2", low)
        low = re.sub(r"(?<=day|nes|tes|les|ves|ado|ngo) (\d{1,2})(?= *$)", lambda m: f" {m[1]}th", low)
    found = dates.days(low, today, past=past)
    if not found and expecting == "plan_start":
        bare = re.fullmatch(r"\W*(?:the |el |on |maybe )?(\d{1,2})\W*", low)
        value = dates.day_of_month(int(bare[1]), today) if bare else None
        return [dates.Day(value, 0, len(low))] if value else []
    return found
