"""EML-03: the creditor's notice, all five conditions; the first email goes on the day after the deadline."""

from datetime import timedelta

from outreach.compliance import basis, days, law
from outreach.compliance.decision import Finding, defer, deny, missing
from outreach.compliance.facts import EmailBasis
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

NOTICE_DAYS = law.parameter("federal", "creditor_notice_days")
#: What must be so, and what is wrong when it is not: fact, wanted value, sentence.
CONDITIONS = (
    ("creditor_obtained_from_consumer", True, "The creditor did not get the address from the consumer"),
    ("creditor_used_for", "account", "The creditor used the address for marketing only"),
    ("consumer_asked_creditor_to_stop", False, "The consumer asked the creditor to stop using the address"),
    ("names_collector", True, "The notice did not name the collector"),
    ("discloses_email_and_use", True, "The notice did not state the address and its use"),
    ("discloses_third_party_may_see", True, "The notice did not say that others may see the emails"),
)


@rule(
    "EML-03",
    "12 CFR 1006.6(d)(4)(ii)",
    clock=True,
    reads=(
        *(f"EmailBasis.{fact}" for fact, _, _ in CONDITIONS),
        "EmailBasis.notice_sent_on",
        "EmailBasis.deadline",
        "EmailBasis.opt_out_method",
        "EmailBasis.opted_out_at",
        "Email.domain_public",
    ),
    channels=("email",),
    collectors_only=True,
    courtesy=True,
    spares=("opt_out_confirmation",),
)
def email_creditor_notice(s: Situation) -> Finding | None:
    given = s.email and s.email.email_basis
    if not given or given.type != "creditor_notice" or basis.consumer_wrote(s):
        return None
    for fact, wanted, sentence in CONDITIONS:
        if (value := getattr(given, fact)) != wanted:
            path = f"emails.email_basis.{fact}"
            return missing(path, also=("CV-05",)) if value is None else deny(f"{sentence}.", path, also=("CV-05",))
    return _notice(s, given) or _domain(s)


def _notice(s: Situation, given: EmailBasis) -> Finding | None:
    if given.notice_sent_on is None or given.deadline is None:
        return missing("emails.email_basis.deadline", also=("CV-05",))
    if given.opt_out_method not in ("link", "reply"):
        return deny("The notice gave no simple way to opt out.", "emails.email_basis.opt_out_method", also=("CV-05",))
    if (given.deadline - given.notice_sent_on).days < NOTICE_DAYS.on(s.today):
        return deny(
            "The notice left less than the time the rule asks for.", "emails.email_basis.deadline", also=("CV-05",)
        )
    if given.opted_out_at is not None and given.opted_out_at <= s.at:
        return deny(
            "The consumer opted out of the address.", "emails.email_basis.opted_out_at", also=("OPT-02", "CV-05")
        )
    if s.today <= given.deadline:
        opens = days.morning(given.deadline + timedelta(days=1), s.calendar)
        return _domain(s) or defer("The time to opt out is still running.", opens, "emails.email_basis.deadline")
    return None


def _domain(s: Situation) -> Finding | None:
    if s.email and s.email.domain_public is not True:
        return deny(
            "The address is not on a domain open to the general public.",
            "emails.domain_public",
            also=("EML-05", "CV-05"),
        )
    return None
