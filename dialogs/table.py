"""Which action answers what: duties, answers, open questions. Tables; `policy` reads them, nothing is decided here."""

from __future__ import annotations

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

YES_NO = frozenset({"affirm", "deny", "accept_offer", "decline_offer"})
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
        (YES_NO, "action_plan_answer"),
        (frozenset({"out_of_scope"}), "action_plan_unclear"),
    ),
    "offer": (
        (_VALUES | {"reschedule_payment", "promise_to_pay"}, "action_plan"),
        (YES_NO, "action_plan_answer"),
        (frozenset({"out_of_scope"}), "action_plan_unclear"),
    ),
    "replace": ((YES_NO, "action_plan_answer"),),
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
        (YES_NO, "action_reschedule_answer"),
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
