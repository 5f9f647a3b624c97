"""DISP-04: a timely written request for the original creditor stops collection until it is answered."""

from outreach.compliance import disputes
from outreach.compliance.decision import Finding, deny
from outreach.compliance.facts import Debt
from outreach.compliance.rules import SENDING, rule
from outreach.compliance.situation import Situation


@rule(
    "DISP-04",
    "12 CFR 1006.38(c)",
    needs=("original_creditor_requests", "heard"),
    reads=(
        "Debt.original_creditor_requests",
        "OriginalCreditorRequest.received_at",
        "OriginalCreditorRequest.in_writing",
        "OriginalCreditorRequest.answered_at",
    ),
    channels=(*SENDING, "none"),
    actions=("send_message", "furnish_to_consumer_reporting_agency"),
    collectors_only=True,
)
def original_creditor(s: Situation) -> Finding | None:
    if not s.demands:
        return None
    for debt in s.debts:
        if _unanswered(s, debt) or _written(s, debt):
            return deny(
                f"The original creditor of {debt.id} was asked for and not yet named.",
                "debts.original_creditor_requests",
            )
    return None


def _unanswered(s: Situation, debt: Debt) -> bool:
    return any(
        r.in_writing
        and (r.received_at is None or r.received_at <= s.at)
        and (r.answered_at is None or r.answered_at > s.at)
        and disputes.in_period(s, debt, r.received_at)
        for r in debt.original_creditor_requests
    )


def _written(s: Situation, debt: Debt) -> bool:
    if not s.heard:
        return False
    recorded = [r.received_at for r in debt.original_creditor_requests if r.received_at is not None]
    said = s.said("original_creditor_request", written=True)
    return any(
        disputes.in_period(s, debt, e.at) and not any(at >= e.at for at in recorded)
        for e in said
        if not e.debts or debt.id in e.debts
    )
