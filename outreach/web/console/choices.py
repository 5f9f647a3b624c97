"""What the forms of a case offer, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outreach.accounts.models import HoldReason

#: roles that can hold a case
WORKERS = ("case_manager", "team_lead")

#: what a colleague may place by hand; the others come from their own nouns (a dispute, a plan, a payment)
HOLDS = (
    (HoldReason.MANUAL, "Pause for another reason"),
    (HoldReason.CEASE, "Asked us to stop contact"),
    (HoldReason.ATTORNEY, "Has an attorney"),
    (HoldReason.BANKRUPTCY, "Bankruptcy"),
    (HoldReason.DECEASED, "Deceased"),
    (HoldReason.MINOR, "Minor"),
    (HoldReason.SERVICEMEMBER, "Military service"),
    (HoldReason.IDENTITY_THEFT, "Identity theft"),
    (HoldReason.HARDSHIP, "Hardship"),
    (HoldReason.SELF_HARM, "May harm themselves"),
    (HoldReason.COMPLAINT, "Complaint"),
)

OUTCOMES = (
    ("answered", "Answered"),
    ("plan_agreed", "A plan was agreed"),
    ("paid", "Paid"),
    ("dispute_answered", "Dispute answered"),
    ("dispute_upheld", "Dispute upheld"),
    ("stopped", "Contact stopped as asked"),
    ("wrong_person", "Wrong person"),
    ("unreachable", "Could not be reached"),
    ("no_action", "Nothing to do"),
)

MEDIA = (("voice", "Phone call"), ("mail", "Letter"), ("visit", "Visit"))
#: the words the frequency rules read of a call (12 CFR 1006.14(b)); a letter or a visit has none
CONTACT_OUTCOMES = (
    ("conversation", "We spoke"),
    ("call_unanswered", "No answer"),
    ("limited_content_voicemail", "Left a limited-content voicemail"),
    ("call_not_connected", "Did not connect"),
    ("", "Letter or visit"),
)

ANSWERS = (
    ("mail", "It left by post to the last known address"),
    ("email", "Send these words by email"),
    ("portal", "Show these words in the portal, and say so"),
    ("by_hand", "It was handed over"),
)

FREQUENCIES = (
    ("weekly", "every week"),
    ("biweekly", "every two weeks"),
    ("semimonthly", "twice a month"),
    ("monthly", "every month"),
    ("quarterly", "every quarter"),
)

#: after an act: what is said on the page that comes back
DONE = {
    "claimed": "The case is yours. The robot and campaigns are silent with this person.",
    "released": "Handed back. The robot answers again, unless a colleague holds another case.",
    "snoozed": "Put aside. It wakes at its moment, or when the debtor writes.",
    "reassigned": "Reassigned.",
    "noted": "Note saved. Only colleagues see it.",
    "replied": "Your reply is on its way.",
    "scheduled": "Your reply waits for the hour it may leave.",
    "logged": "Contact logged. It counts towards the limits.",
    "held": "Hold placed. What was queued is withdrawn.",
    "unheld": "Hold released.",
    "planned": "Plan approved.",
    "countered": "Counter-offer recorded.",
    "declined": "Plan declined.",
    "answered": "Answer recorded.",
    "upheld": "Dispute upheld for the debtor.",
    "paid": "Payment recorded. What was queued yields to it.",
    "closed": "Case closed.",
}


def releasable(holds: list[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The open holds of a person that were placed by hand, once each."""
    names = {str(word): name for word, name in HOLDS}
    return [(word, name) for word, name in names.items() if any(hold["reason"] == word for hold in holds)]


def people(colleagues: list[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Colleagues as options."""
    return [(str(found["id"]), found["name"]) for found in colleagues]


def debts(accounts: list[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """A person's debts as options."""
    return [(str(found["id"]), f"{found['ref']} · {found['creditor']}") for found in accounts]
