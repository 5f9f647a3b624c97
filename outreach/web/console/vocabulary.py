"""What colleagues read for the words the database keeps. A word not listed is shown with its underscores as spaces."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "reason": {
        "ask_human": "asked for a person",
        "attorney": "has an attorney",
        "bankruptcy": "is in bankruptcy",
        "cease": "asked us to stop contact",
        "complaint": "complains",
        "deceased": "reported as deceased",
        "dispute": "disputes the debt",
        "dispute_on_plan": "disputes a debt under a plan",
        "duplicate_dispute": "disputes again, same grounds",
        "hardship": "is in hardship",
        "identity_theft": "reports identity theft",
        "language": "needs another language",
        "legal_question": "asks a legal question",
        "low_confidence": "was not understood twice",
        "minor": "says they are a minor",
        "out_of_scope": "asks something else",
        "payment_check": "says they already paid",
        "plan_change": "wants to change a plan",
        "plan_exception": "offers a plan outside the limits",
        "review": "needs a second look",
        "self_harm": "may harm themselves",
        "servicemember": "is in military service",
        "settlement": "offers a settlement",
        "threat": "made a threat",
        "undelivered": "cannot be reached",
        "unresolved": "has waited without an answer",
        "validation_request": "asks for verification of the debt",
        "verification_failed": "could not be identified",
    },
    "priority": {
        "urgent": "Someone may be in danger, or the law gives an hour: goes before everything.",
        "high": "A right was used or a promise is at risk: four working hours.",
        "normal": "An answer was promised within one working day.",
    },
    "status": {
        "queued": "waiting to leave",
        "claimed": "about to leave",
        "sending": "leaving now",
        "accepted": "taken by the provider",
        "sent": "on its way",
        "delivered": "delivered",
        "failed": "not delivered",
        "unknown": "may not have been delivered",
        "denied": "refused",
        "withdrawn": "withdrawn",
        "expired": "expired before it could leave",
        "parked": "parked for a person",
        "received": "received",
        "answered": "answered",
    },
    "role": {
        "case_manager": "Case manager",
        "team_lead": "Team lead",
        "compliance": "Compliance",
        "admin": "Administrator",
        "creditor": "Creditor",
    },
    "channel": {"sms": "text message", "email": "email", "web": "portal chat", "voice": "call", "mail": "letter"},
    "decision": {"allow": "allowed", "deny": "refused", "defer": "not yet", "human": "a person decides"},
    "case_event": {
        "opened": "Case opened",
        "joined": "Came up again",
        "claimed": "Claimed",
        "released": "Handed back to the robot",
        "reassigned": "Reassigned",
        "snoozed": "Put aside",
        "woken": "Back in the queue",
        "closed": "Closed",
    },
    "change": {
        "opt_out": "Opted out of",
        "opt_in": "Opted in to",
        "hold": "Hold placed:",
        "release": "Hold released:",
        "dispute.open": "Debt disputed",
        "dispute.duplicate": "Disputed again on the same grounds",
        "dispute.ground": "New grounds for the dispute",
        "dispute.answer_sent": "Answer to the dispute sent",
        "dispute.answer_returned": "Answer to the dispute came back",
        "dispute.answered": "Dispute answered",
        "dispute.upheld": "Dispute upheld for the debtor",
        "dispute.proof": "The creditor brought proof",
        "account.recalled": "The creditor took the debt back:",
        "account.adjusted": "The creditor adjusted",
        "payment.recorded": "Payment received",
        "plan.collecting": "A plan is being discussed",
        "plan.countered": "Counter-offer made",
        "plan.proposed": "Plan proposed",
        "plan.review": "Plan waits for a person's decision",
        "plan.agreed": "Plan agreed",
        "plan.active": "Plan is being paid",
        "plan.suspended": "Plan suspended",
        "plan.completed": "Plan paid to the end",
        "plan.broken": "Plan broken",
        "plan.cancelled": "Plan ended",
        "plan.payment_missed": "Instalment missed",
        "plan.payment_moved": "Instalment moved",
        "plan.payment_skipped": "Instalment skipped",
        "promise.made": "Promised to pay",
        "promise.kept": "Promise kept",
        "promise.broken": "Promise broken",
        "portal_entered": "Opened the portal",
        "wrong_person": "Said it is not them:",
        "import": "Came with a placement",
        "point.added": "Gave a new number or mailbox",
        "point.verified": "Showed who they are",
        "point.wrong_party": "Somebody else reads a number or mailbox on file",
        "point.third_party": "Somebody else reads a number or mailbox on file",
        "point.dead": "Nobody is there any more: a number or mailbox on file",
        "debtor.language": "Language changed:",
    },
    "frequency": {
        "weekly": "a week",
        "biweekly": "every two weeks",
        "semimonthly": "twice a month",
        "monthly": "a month",
        "quarterly": "a quarter",
    },
}

#: message status -> tone and icon
TONES = {
    "delivered": ("good", "check"),
    "failed": ("wrong", "alert"),
    "unknown": ("care", "alert"),
    "denied": ("wrong", "shield"),
    "parked": ("care", "alert"),
    "withdrawn": ("care", "pause"),
    "expired": ("care", "clock"),
}


def say(kind: str, word: str | None) -> str:
    """The colleague's words for one of ours."""
    return WORDS.get(kind, {}).get(word or "", (word or "").replace("_", " "))


#: acts whose subject is worth reading; the others name a row by its number
TELLING = frozenset({"opt_out", "opt_in", "hold", "release", "wrong_person"})
_ACTORS = {
    "system": "the service",
    "debtor": "the debtor",
    "provider": "the provider",
    "reader": "whoever reads there",
    "campaign": "a campaign",
    "api": "the creditor",
}


def who(name: str) -> str:
    """Who acted: a colleague's name stays, the rest is said in words."""
    kind, colon, _ = name.partition(":")
    return _ACTORS.get(kind, name) if colon else name


def tone(status: str) -> tuple[str, str]:
    return TONES.get(status, ("", "arrow"))


#: the first word of an act -> icon
_ICONS = {
    "hold": "pause",
    "release": "arrow",
    "plan": "calendar",
    "payment": "money",
    "dispute": "scale",
    "opt_out": "shield",
    "opt_in": "check",
    "identity": "user",
    "point": "user",
    "closed": "check",
    "claimed": "user",
    "snoozed": "clock",
}


def event_icon(action: str) -> str:
    return _ICONS.get(action.partition(".")[0], "arrow")
