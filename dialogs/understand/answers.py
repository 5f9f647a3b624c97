"""From labels found to labels meant: bare answers, labels that swallow others, and what an open question makes of a value."""

from __future__ import annotations

import re

from dialogs.understand import grammar, labels, values
from dialogs.understand.slots import media

#: one label present makes the other an echo of the same words
_SWALLOWS: dict[str, frozenset[str]] = {
    "attorney_representation": frozenset({"complaint", "ask_human", "out_of_scope"}),
    "bankruptcy": frozenset({"hardship", "out_of_scope"}),
    "deceased": frozenset({"hardship"}),
    "cease_communication": frozenset({"decline_offer"}),
    "identity_theft": frozenset({"already_paid", "complaint"}),
    "cancel_plan": frozenset({"plan_status", "decline_offer", "reschedule_payment", "propose_plan", "pay_now"}),
    "propose_plan": frozenset({"promise_to_pay", "pay_now", "ask_balance", "plan_status"}),
    "settlement_offer": frozenset({"promise_to_pay", "pay_now", "propose_plan", "ask_balance", "accept_offer"}),
    "already_paid": frozenset({"promise_to_pay", "pay_now"}),
    "promise_to_pay": frozenset({"pay_now"}),
    "reschedule_payment": frozenset({"promise_to_pay", "plan_status", "pay_now"}),
    "original_creditor_request": frozenset({"legitimacy_question", "ask_debt_details", "ask_balance"}),
    "request_validation": frozenset({"ask_debt_details", "legitimacy_question"}),
    "dispute": frozenset({"ask_debt_details"}),
    "ask_balance": frozenset({"ask_debt_details"}),
    "minor": frozenset({"accept_offer"}),
    "servicemember": frozenset({"accept_offer"}),
    "hardship": frozenset({"accept_offer"}),
    "channel_preference": frozenset({"ask_human"}),
}
#: 47 CFR 64.1200(a)(10) and the Spanish of it: alone, nothing outweighs them
_KEYWORD = re.compile(
    r"(?:stop|stopall|stop all|quit|end|revoke|opt ?out|cancel|unsubscribe|alto|parar|basta|baja|cancelar)(?: (?:please|now|por favor|ya))?"
)
_FORM = frozenset({"plan_amount", "plan_frequency", "plan_start", "identity"})


def settled(found: set[str], flat: str, expecting: str | None) -> set[str]:
    """At least one label, always."""
    if _KEYWORD.fullmatch(flat):
        return {"opt_out"}
    found = set(found)
    if _WILL_PAY.search(flat) and "promise_to_pay" in found:
        found.discard("already_paid")
    for label in list(found):
        found -= _SWALLOWS.get(label, frozenset())
    found = _critical_first(found, flat)
    if values.is_value(flat, expecting) and not found - _OVERRIDDEN:
        return {"inform"}
    if expecting not in _FORM and found <= _MAYBE_PLAN and values.proposes(flat):
        return {"propose_plan"}
    real = found - set(labels.BARE)
    if real:
        return real - ({"help"} if len(real) > 1 else set())
    if expecting in _ASKED and "inform" in found and values.holds_value(flat):
        return {"inform"}
    for bare in ("affirm", "deny", "thanks", "greeting", "inform"):
        if bare in found:
            return {bare}
    return {"out_of_scope"}


def united(intents: set[str], safety: frozenset[str]) -> set[str]:
    """With what another reader found; a bare label beside a critical one says nothing."""
    known = safety & labels.INTENTS
    return (intents - set(labels.BARE)) | known if known else intents


#: "le pago el lunes" is the present, which promises; without its accent it looks like the past
_WILL_PAY = re.compile(
    r"(?:^|\. |yo |y |pero |si )(?:les? |te )?pago (?!\w+ (?:ayer|pasad))(?:.*(?:el|la|este|manana|proxim|quincena))"
)

#: read by their words alone these may be a plan, whose rhythm tells
_MAYBE_PLAN = frozenset({"inform", "out_of_scope", "accept_offer", "affirm"})


def _stops_beside_hours(flat: str) -> bool:
    """Hours and places explain a stop only in their own clause."""
    if not _HOURS.search(flat) or _FINAL.search(flat):
        return True
    clauses = [c for c in re.split(r" \. |\. | and | but | y | pero ", flat) if not _HOURS.search(c)]
    return any("opt_out" in grammar.grammar(lang).read(clause) for clause in clauses for lang in ("en", "es"))


_ASKED = _FORM | {"confirm"}

#: a bare value is a value even when a pattern also sees an offer, a promise or a dispute in it
#: ("el primero" is a day, not the first creditor)
_OVERRIDDEN = (labels.INTENTS - labels.CRITICAL) | {"original_creditor_request"}


def _critical_first(found: set[str], flat: str) -> set[str]:
    """Where two critical labels echo one another, the rarer says more."""
    if (
        found & {"original_creditor_request", "legitimacy_question"}
        and _OWED_NOW.search(flat)
        and not _ORIGIN.search(flat)
    ):
        found = found - {"original_creditor_request", "ask_balance", "legitimacy_question"} | {"ask_debt_details"}
    if {"attorney_representation", "cease_communication"} <= found and not _NEVER.search(flat):
        # "direct all communication to my lawyer" is no wish to hear from nobody
        found.discard("cease_communication")
    if "opt_out" in found and "inconvenient_time_or_place" in found and not _stops_beside_hours(flat):
        found.discard("opt_out")
    if (
        "cancel_plan" in found
        and "opt_out" in found
        and not re.search(r"text|message|email|sms|mensaje|correo|inbox|phone|cell|^stop$", flat)
    ):
        found.discard("opt_out")
    if {"opt_out", "propose_plan"} <= found and _NO_MORE.search(flat) and not _ABOUT_CONTACT.search(flat):
        # "20 al mes, no mas" refuses what goes beyond the sum
        found = found - {"opt_out"}
    if "opt_out" in found and not _OTHER_MEDIUM.search(flat):
        # "no more messages" forbids no other medium
        found.discard("channel_preference")
    return found


def by_media(found: set[str], low: str) -> set[str]:
    """Refusals told apart by what they name: calls or letters are a preference, messages an opt-out, all of them cease."""
    if not found & {"channel_preference", "opt_out", "cease_communication"} or "attorney_representation" in found:
        return found
    wanted, refused = (set(named.split(",")) if named else set() for named in media.media(low))
    if not refused:
        return found
    if len(refused) >= _ALL_MEDIA or (len(refused) > 1 and refused - _ELECTRONIC and _NOTHING_LEFT.search(low)):
        return found | ({"cease_communication"} if not wanted else set())
    if not refused & _ELECTRONIC:
        told = found | {"channel_preference"}
        return told - {"opt_out", "cease_communication"} if wanted else told
    if "inconvenient_time_or_place" not in found and "channel_preference" in found:
        return (found - {"cease_communication"} if wanted else found) | {"opt_out"}
    return found


_ELECTRONIC = frozenset({"sms", "email", "web"})
_ALL_MEDIA = 3
_NOTHING_LEFT = re.compile(
    r"(?<![a-z])(?:everything|nothing|anything|otherwise|all of (?:it|them)|any (?:way|other way)|todo|nada|period)(?![a-z])"
)
_OTHER_MEDIUM = re.compile(
    r"call|phone|ring|dial|voice|letter|paper|postal|mail me|by mail|llam|telefon|marc|carta|postal|instead|prefer|mejor|only|solo"
)
_HOURS = re.compile(
    r"(?:at (?:my )?work|at (?:my )?job|before|after|during|night|morning|shift|sunday|saturday|weekend|while|antes|despues|trabajo|noche|manana|domingo|sabado|until|between|class|school|entre|office|church|hospital|hours)"
)
_NO_MORE = re.compile(r"(?<![a-z])(?:no|not|ni)(?: \w+){0,3} (?:mas|more|over)(?![a-z])|nomas")
_ABOUT_CONTACT = re.compile(
    r"text|messag|email|sms|mensaj|correo|llam|call|escrib|writ|contact|stop|quit|alto|baja|basta|unsub|remove|leave|dej|cancel"
)
#: which creditor it is now, not who held the debt first
_OWED_NOW = re.compile(
    r"who[ms]? (?:exactly |all )*(?:do|am|(?:is )?it) i (?:exactly |even )*(?:owe|owing|paying)|a quien le debo"
)
_ORIGIN = re.compile(
    r"original|first|before|initial|bought|buy|sold|prior|previous|lender|lent|primer|antes|compr|vendi|prest"
)
_NEVER = re.compile(
    r"cease|stop|(?:dont|do not|never|not|no) (?:\w+ ){0,3}(?:contact|call|text|write|message|communicate)|refuse|wont pay|nunca|no (?:me |se |vuelvan )"
)
_FINAL = re.compile(r"(?:unsubscribe|optout|stop texting|stop messaging|take me off|remove me|^stop)")
