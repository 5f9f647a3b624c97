"""Where we are and what was said -> which actions run. Tables; no wording, no sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: done before and independently of everything else, in the order of precedence, before identity (dialog-spec section 5)
DUTIES: dict[str, str] = {
    "threat_or_self_harm": "action_distress",
    "cease_communication": "action_cease",
    "opt_out": "action_opt_out",
    "attorney_representation": "action_attorney",
    "bankruptcy": "action_bankruptcy",
    "deceased": "action_deceased",
    "minor": "action_minor",
    "wrong_number": "action_wrong_number",
    "identity_theft": "action_identity_theft",
    "dispute": "action_dispute",
    "request_validation": "action_validation",
    "original_creditor_request": "action_original_creditor",
    "servicemember": "action_servicemember",
    "cancel_plan": "action_cancel_plan",
    "inconvenient_time_or_place": "action_preference",
    "channel_preference": "action_preference",
    "opt_in": "action_opt_in",
}

#: everything else: the action that answers
ANSWERS: dict[str, str] = {
    "already_paid": "action_paid",
    "settlement_offer": "action_settlement",
    "propose_plan": "action_plan",
    "promise_to_pay": "action_promise",
    "pay_now": "action_pay",
    "reschedule_payment": "action_reschedule",
    "accept_offer": "action_clarify",
    "decline_offer": "action_clarify",
    "hardship": "action_hardship",
    "ask_balance": "action_balance",
    "ask_debt_details": "action_details",
    "plan_status": "action_plan_status",
    "update_contact": "action_contact",
    "ask_human": "action_human",
    "complaint": "action_complaint",
    "legitimacy_question": "action_legitimacy",
    "language_switch": "action_language",
    "help": "action_help",
    "greeting": "action_greeting",
    "thanks": "action_thanks",
    "affirm": "action_clarify",
    "deny": "action_clarify",
    "inform": "action_clarify",
    "out_of_scope": "action_out_of_scope",
}

#: these speak of the account, so the channel must be verified first
ABOUT_ACCOUNT = frozenset(
    {
        "action_balance",
        "action_details",
        "action_plan",
        "action_plan_answer",
        "action_plan_again",
        "action_plan_unclear",
        "action_plan_status",
        "action_reschedule",
        "action_reschedule_answer",
        "action_promise",
        "action_pay",
        "action_paid",
        "action_settlement",
        "action_hardship",
        "action_hardship_nothing",
    }
)

#: said beside a duty, these are recorded without a word
RECORDED: dict[str, str] = {
    "settlement_offer": "action_settlement",
    "already_paid": "action_paid",
    "hardship": "action_hardship",
    "update_contact": "action_contact",
    "complaint": "action_complaint",
}

#: answered in the middle of a form, then the open question comes again
DIGRESSIONS = frozenset(
    {
        "action_balance",
        "action_details",
        "action_legitimacy",
        "action_help",
        "action_language",
        "action_greeting",
        "action_thanks",
        "action_preference",
        "action_contact",
        "action_plan_status",
        "action_complaint",
    }
)

#: what we asked for is taken in even where nothing may be said any more
ANSWERED_IN_SILENCE = frozenset({"attorney_contact", "dispute_reason"})

_YES_NO = frozenset({"affirm", "deny", "accept_offer", "decline_offer"})
_VALUES = frozenset({"inform", "propose_plan"})

#: open question -> ({intents that answer it}, action); first match wins
OPEN: dict[str, tuple[tuple[frozenset[str], str], ...]] = {
    "plan_amount": (
        (_VALUES, "action_plan"),
        (frozenset({"deny", "decline_offer"}), "action_plan_answer"),
        (frozenset({"affirm", "accept_offer", "out_of_scope"}), "action_plan_unclear"),
    ),
    "plan_frequency": (
        (_VALUES | {"promise_to_pay"}, "action_plan"),
        (frozenset({"deny", "decline_offer"}), "action_plan_answer"),
        (frozenset({"affirm", "accept_offer", "out_of_scope"}), "action_plan_unclear"),
    ),
    "plan_start": (
        (_VALUES | {"promise_to_pay", "reschedule_payment"}, "action_plan"),
        (frozenset({"affirm", "accept_offer"}), "action_plan_answer"),
        (frozenset({"deny", "decline_offer"}), "action_plan_answer"),
        (frozenset({"out_of_scope"}), "action_plan_unclear"),
    ),
    "confirm": (
        (_VALUES | {"reschedule_payment", "promise_to_pay"}, "action_plan"),
        (_YES_NO, "action_plan_answer"),
        (frozenset({"out_of_scope"}), "action_plan_unclear"),
    ),
    "offer": (
        (_VALUES | {"reschedule_payment", "promise_to_pay"}, "action_plan"),
        (_YES_NO, "action_plan_answer"),
        (frozenset({"out_of_scope"}), "action_plan_unclear"),
    ),
    "replace": ((_YES_NO, "action_plan_answer"),),
    "account": ((_VALUES | {"out_of_scope", "affirm", "ask_balance", "ask_debt_details"}, "action_plan"),),
    "which": ((frozenset({"inform", "out_of_scope"}), "action_balance"),),
    "restart": (
        (frozenset({"affirm", "accept_offer"}), "action_plan"),
        (_VALUES, "action_plan"),
        (frozenset({"deny", "decline_offer"}), "action_thanks"),
    ),
    "pay_once": (
        (frozenset({"affirm", "accept_offer"}), "action_pay"),
        (_VALUES, "action_plan"),
        (frozenset({"deny"}), "action_thanks"),
    ),
    "promise_date": ((frozenset({"inform", "promise_to_pay"}), "action_promise"),),
    "reschedule_date": ((frozenset({"inform", "promise_to_pay"}), "action_reschedule"),),
    "reschedule_confirm": (
        (_YES_NO, "action_reschedule_answer"),
        (frozenset({"inform"}), "action_reschedule"),
    ),
    "hardship": (
        (_VALUES, "action_plan"),
        (frozenset({"deny", "decline_offer"}), "action_hardship_nothing"),
        (frozenset({"affirm", "accept_offer"}), "action_human"),
    ),
    "dispute_reason": (
        (frozenset({"inform", "dispute", "already_paid", "out_of_scope", "decline_offer"}), "action_dispute_reason"),
        (frozenset({"deny"}), "action_thanks"),
    ),
    "attorney_contact": (
        (frozenset({"inform", "update_contact", "attorney_representation", "out_of_scope"}), "action_attorney_contact"),
    ),
    "identity": ((frozenset({"inform"}), "action_identify"),),
}


@dataclass(frozen=True, slots=True)
class Step:
    action: str
    quiet: bool = False


def steps(
    *,
    intents: Sequence[str],
    slots: Mapping[str, Any],
    memory: Mapping[str, Any],
    verified: bool,
    silent: bool,
    sure: bool = True,
) -> list[Step]:
    """Which actions run, in order. The first that speaks is the reply, except after a digression.

    `silent`: duties only. Not `sure`: a duty is done on a likelihood, so a person looks too.
    """
    duties = _duties(intents, slots, memory)
    if duties:
        beside = [Step(RECORDED[i], quiet=True) for i in intents if i in RECORDED and not _covered(i, intents, memory)]
        doubt = [] if sure else [Step("action_unsure", quiet=True)]
        return [Step(d) for d in dict.fromkeys(duties)] + beside + doubt
    if memory.get("asked") in ANSWERED_IN_SILENCE and (action := _open_answer(intents, memory)):
        return [Step(action)]
    if silent:
        return [Step(RECORDED[i], quiet=True) for i in intents if i in RECORDED]
    action = (
        _open_answer(intents, memory)
        or _bare_after_silence(intents, memory)
        or _corrected(intents, slots, memory)
        or ANSWERS[intents[0]]
    )
    if not verified and _needs_identity(action, slots):
        return [Step("action_identify")]
    planned = [Step(action)]
    if action == "action_plan" and "hardship" in intents:
        planned.insert(0, Step("action_hardship", quiet=True))
    if memory.get("form") and action in DIGRESSIONS:
        planned.append(Step("action_plan_again"))
    elif action == "action_plan" and "ask_balance" in intents:
        planned.insert(0, Step("action_balance"))
    return planned


def _needs_identity(action: str, slots: Mapping[str, Any]) -> bool:
    given = action == "action_clarify" and any(slots.get(k) for k in ("zip", "dob"))
    return given or action in ABOUT_ACCOUNT


def _duties(intents: Sequence[str], slots: Mapping[str, Any], memory: Mapping[str, Any]) -> list[str]:
    if memory.get("asked") == "dispute_reason" and intents[0] in {"dispute", "already_paid"}:
        return ["action_dispute_reason"]
    if memory.get("asked") == "attorney_contact" and intents[0] == "attorney_representation":
        return ["action_attorney_contact"]
    named = [DUTIES[i] for i in intents if i in DUTIES]
    # the whole debt said to be paid is a dispute (section 5)
    if "already_paid" in intents and slots.get("full_balance") and "action_dispute" not in named:
        named.append("action_dispute")
    return named


def _covered(intent: str, intents: Sequence[str], memory: Mapping[str, Any]) -> bool:
    """The duty says it already: a dispute because it was paid is no payment to look up."""
    return intent == "already_paid" and ("dispute" in intents or memory.get("asked") == "dispute_reason")


def _open_answer(intents: Sequence[str], memory: Mapping[str, Any]) -> str | None:
    for answers, action in OPEN.get(memory.get("asked") or "", ()):
        if answers & set(intents[:2]):
            return action
    return None


def _corrected(intents: Sequence[str], slots: Mapping[str, Any], memory: Mapping[str, Any]) -> str | None:
    """Another day or figure for what was promised a moment ago."""
    bare = intents[0] == "inform" and not memory.get("asked") and memory.get("promised")
    return "action_promise" if bare and (slots.get("date") or slots.get("amount")) else None


def _bare_after_silence(intents: Sequence[str], memory: Mapping[str, Any]) -> str | None:
    """A bare yes, no or value to a form that silence dropped."""
    return "action_plan_expired" if memory.get("expired") and intents[0] in _YES_NO | {"inform"} else None
