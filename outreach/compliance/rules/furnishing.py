"""FURN-01: before a debt is reported, a talk about it, or a message that did not come back within fourteen days."""

from outreach.compliance import days, law
from outreach.compliance.decision import Finding, allow, defer, deny
from outreach.compliance.facts import Notice
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

WAIT = law.parameter("federal", "furnishing_wait_days")


@rule(
    "FURN-01",
    "12 CFR 1006.30(a)(1); comments 30(a)(1)-2, -3",
    clock=True,
    reads=("Facts.about_debt_notices", "Notice.at", "Notice.undeliverable_at"),
    channels=("none", "sms", "email", "voice", "mail"),
    actions=("furnish_to_consumer_reporting_agency",),
    collectors_only=True,
)
def furnishing(s: Situation) -> Finding | None:
    talks = [e for e in s.past if e.medium == "voice" and e.kind == "conversation" and s.concerns(e.debts)]
    if talks:
        return allow("We spoke to the consumer about the debt.", "history")
    waiting = [notice for notice in s.facts.about_debt_notices if notice.at <= s.at and not _bounced(notice, s)]
    if not waiting:
        return deny("Nothing about the debt reached the consumer before furnishing.", "about_debt_notices", "history")
    opens = min(days.free_again(notice.at, WAIT.on(s.today), s.calendar) for notice in waiting)
    if any(days.days_between(notice.at, s.at, s.calendar) >= WAIT.on(s.today) for notice in waiting):
        return allow("The time to learn of a failed delivery is over.", "about_debt_notices")
    return defer("A failed delivery may still be reported.", opens, "about_debt_notices")


def _bounced(notice: Notice, s: Situation) -> bool:
    """Came back within the waiting time, as far as known by now; a later return does no harm."""
    if notice.undeliverable_at is None or notice.undeliverable_at > s.at:
        return False
    return bool(days.days_between(notice.at, notice.undeliverable_at, s.calendar) < WAIT.on(s.today))
