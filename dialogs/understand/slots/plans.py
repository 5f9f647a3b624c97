"""What is to be paid, how often and when: rhythm, number, days and figures of a message, each taken off before the next is read."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from dialogs.understand.slots import almanac, dates, money, rhythm, schedule

_FULL = re.compile(
    r"(?<![a-z])(?:in full|(?:the |my )?(?:full|whole|entire|total|remaining) (?:balance|amount|thing|bill|debt|sum|payment|lot)|all of it|it all|every (?:cent|penny|last cent)|everything|every penny of it|(?:pay|paying) the lot|the whole of it|(?:the )?account entire|entirely|toda (?:la|mi) (?:deuda|cuenta)|pago todo|zero (?:this|it) out|pay (?:it |this |that )?off|paid (?:it |this )?off|payoff|pay it in one|(?:todo|completo|en su totalidad|el total|la totalidad|por completo|toda la deuda|todo el saldo|el saldo completo|completa|totalmente))(?![a-z])"
)
#: "200 today then 50 a month": the day of a first payment that is not one of the instalments
_PAID_FIRST = re.compile(
    r"(\$?\d[\d.,]*(?: dollars| bucks| dolares)?)( (?:today|tonight|tomorrow|hoy|manana|friday|monday|this friday|this week|el viernes|el lunes))((?: to show good faith)?,? (?:then|and|and then|y|luego|y luego|y despues|plus) \$?\d)"
)
_MOVED_TO = re.compile(
    r"(?<![a-z])(?:to|al|para el|pal|on|el) (\d{1,2})(?=\s*(?:$|[.,;?!]|instead|please|pls|because|porque|que|so|my|this|it|no|and|y|if|mi|lo|la)(?![a-z]))"
)
_TURNS = re.compile(
    r"(?<![a-z0-9])(?:one|1|una?) (?:time|vez)(?: (?:in|al|per|a|por) (?:one |el )?(?:month|mes))?|(?<![a-z0-9])1 al mes|every 1 month|month 2 month"
)
#: intents that carry a figure or a day
MONEY_INTENTS = {
    "propose_plan", "settlement_offer", "pay_now", "promise_to_pay", "already_paid", "inform", "reschedule_payment",
    "decline_offer", "accept_offer", "cancel_plan",
}  # fmt: skip
_FORM = {"plan_amount", "plan_frequency", "plan_start"}
#: a plan is on the table: a day beside the answer is its first
_OFFERED = {"offer", "confirm"}


def read(low: str, intents: AbstractSet[str], expecting: str | None, today: date) -> dict[str, Any]:
    """Slots of a plan or of a payment, from a folded text without contact data and references."""
    planning = "propose_plan" in intents or expecting in _FORM
    answering = "inform" in intents
    found: dict[str, Any] = {}
    spoken = low
    if planning or answering:
        low = _rhythm(low, found, expecting)
    if "reschedule_payment" in intents:
        low = _MOVED_TO.sub(lambda m: f"the {m[1]}th", low)
    if planning and "frequency" in found:
        low = _PAID_FIRST.sub(lambda m: f"{m[1]} down{' ' * (len(m[2]) - 4)}{m[3]}", low)
    promised = "promise_to_pay" in intents and "propose_plan" not in intents
    agreeing = expecting in _OFFERED and intents & {"inform", "affirm", "accept_offer"}
    starting = (planning or (answering and expecting in _FORM) or agreeing) and not promised
    low = _day(low, found, "start_date" if starting else "date", intents, expecting, today)
    low = re.sub(r"(?<![a-z])every (?:2|two|3|three|14|15|30|7) \w+", " ", low) if "frequency" in found else low
    declining = "decline_offer" in intents and not intents & (MONEY_INTENTS - {"decline_offer"})
    low = _TURNS.sub(" ", low)
    found.update(money.read(low, planning=planning, answering=answering, declining=declining, percent_of=spoken))
    if (
        _FULL.search(low)
        and intents & {"pay_now", "promise_to_pay", "already_paid"}
        and "amount" not in found
        and "dispute" not in intents
    ):
        found["full_balance"] = True
    if any(k in found for k in ("amount", "amount_min", "amount_max", "down_payment")):
        found["currency"] = "USD"
    return found


def _rhythm(low: str, found: dict[str, Any], expecting: str | None) -> str:
    """`frequency` and `count` into `found`; the count blanked."""
    often = rhythm.frequency(low, bare=expecting == "plan_frequency")
    counted = rhythm.count(low, often[0] if often else None)
    if often:
        found["frequency"] = often[0]
    if counted and expecting != "plan_start":
        found["count"] = counted[0]
        if counted[1]:
            found.setdefault("frequency", counted[1])
        low = low[: counted[2]] + "~" * (counted[3] - counted[2]) + low[counted[3] :]
    return low


def _day(
    low: str, found: dict[str, Any], slot: str, intents: AbstractSet[str], expecting: str | None, today: date
) -> str:
    """The day under `slot` into `found`; every day blanked."""
    past = "already_paid" in intents and "propose_plan" not in intents
    low, named = _days(low, expecting, today, past)
    if twice := rhythm.two_days(low) if "frequency" in found else None:
        both = (almanac.day_of_month(int(twice[name]), today) for name in ("a", "b"))
        first = min(day for day in both if day)
        named = [d for d in named if d.end <= twice.start() or d.start >= twice.end()]
        named.append(dates.Day(first, twice.start(), twice.end()))
    meant = schedule.said(low, named, intents, today)
    chosen = None
    if meant and "reschedule_payment" in intents:
        chosen = schedule.moved(low, meant)
    elif meant and found.get("frequency") == "semimonthly":
        chosen = schedule.first_recurring(low, meant)
    elif meant:
        chosen = (schedule.starts if slot == "start_date" else schedule.paid_on)(low, meant)
    if chosen:
        found[slot] = chosen.isoformat()
    for day in named:
        low = low[: day.start] + "~" * (day.end - day.start) + low[day.end :]
    return low


def _days(low: str, expecting: str | None, today: date, past: bool) -> tuple[str, list[dates.Day]]:
    if expecting == "plan_start":
        # an answer to "from which day?": "3-20", "monday 16"
        low = re.sub(r"(?<![\d/-])(\d{1,2})-(\d{1,2})(?![\d/-])", r"\1/\2", low)
        low = re.sub(r"(?<=day|nes|tes|les|ves|ado|ngo) (\d{1,2})(?= *$)", lambda m: f" {m[1]}th", low)
    found = dates.days(low, today, past=past)
    if not found and expecting == "plan_start":
        bare = re.fullmatch(r"\W*(?:the |el |on |maybe )?(\d{1,2})\W*", low)
        value = almanac.day_of_month(int(bare[1]), today) if bare else None
        return low, [dates.Day(value, 0, len(low))] if value else []
    return low, found
