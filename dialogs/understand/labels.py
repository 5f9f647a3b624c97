"""The vocabulary of the reader: intents, which are critical, which is primary, what the dialog would do first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

#: Order of precedence; a tuple holds ties. The first one present is primary.
PRECEDENCE: tuple[tuple[str, ...], ...] = (
    ("threat_or_self_harm",),
    ("cease_communication",),
    ("opt_out",),
    ("attorney_representation",),
    ("bankruptcy",),
    ("deceased",),
    ("minor",),
    ("wrong_number",),
    ("identity_theft",),
    ("dispute",),
    ("request_validation",),
    ("original_creditor_request",),
    ("servicemember",),
    ("cancel_plan",),
    ("inconvenient_time_or_place",),
    ("channel_preference",),
    ("already_paid",),
    (
        "settlement_offer",
        "reschedule_payment",
        "propose_plan",
        "promise_to_pay",
        "pay_now",
        "accept_offer",
        "decline_offer",
    ),
    ("hardship",),
    (
        "ask_human",
        "complaint",
        "opt_in",
        "plan_status",
        "update_contact",
        "language_switch",
        "ask_balance",
        "ask_debt_details",
        "legitimacy_question",
        "affirm",
        "deny",
        "inform",
        "thanks",
        "greeting",
    ),
    ("help",),
    ("out_of_scope",),
)

ORDER: tuple[str, ...] = tuple(label for tie in PRECEDENCE for label in tie)
RANK: dict[str, int] = {label: rank for rank, tie in enumerate(PRECEDENCE) for label in tie}
INTENTS = frozenset(ORDER)

#: Missing one of these is a breach, so recall comes first (dialog-spec section 5). `help` is critical as a keyword only,
#: which the grammar finds by itself.
CRITICAL = frozenset(
    {
        "attorney_representation",
        "bankruptcy",
        "cancel_plan",
        "cease_communication",
        "channel_preference",
        "deceased",
        "dispute",
        "identity_theft",
        "inconvenient_time_or_place",
        "minor",
        "opt_out",
        "original_creditor_request",
        "request_validation",
        "servicemember",
        "threat_or_self_harm",
        "wrong_number",
    }
)

#: These mean something only when nothing else does.
BARE = ("inform", "affirm", "deny", "thanks", "greeting", "out_of_scope")

#: What the dialog would do first for a primary intent.
ACTION: dict[str, str] = {
    "opt_out": "suppress",
    "cease_communication": "suppress",
    "wrong_number": "suppress",
    "attorney_representation": "escalate",
    "bankruptcy": "escalate",
    "deceased": "escalate",
    "minor": "escalate",
    "servicemember": "escalate",
    "threat_or_self_harm": "escalate",
    "identity_theft": "escalate",
    "ask_human": "escalate",
    "complaint": "escalate",
    "settlement_offer": "escalate",
    "already_paid": "escalate",
    "dispute": "record",
    "request_validation": "record",
    "original_creditor_request": "record",
    "cancel_plan": "record",
    "inconvenient_time_or_place": "record",
    "channel_preference": "record",
    "opt_in": "record",
    "promise_to_pay": "record",
    "update_contact": "record",
    "language_switch": "record",
    "accept_offer": "record",
    "decline_offer": "record",
    "affirm": "record",
    "deny": "record",
    "hardship": "collect",
    "propose_plan": "collect",
    "inform": "collect",
    "reschedule_payment": "collect",
    "out_of_scope": "clarify",
}


def ordered(labels: Iterable[str], scores: Mapping[str, float] | None = None) -> list[str]:
    """Labels by precedence, ties by score and then in the listed order; the same input gives the same list."""
    scores = scores or {}
    return sorted(labels, key=lambda n: (RANK[n], -round(scores.get(n, 0.0), 2), ORDER.index(n)))


def action_for(intent: str) -> str:
    """What the dialog would do first: `answer` unless the table says otherwise."""
    return ACTION.get(intent, "answer")
