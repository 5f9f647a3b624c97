"""DISP-01 to DISP-03: a timely written dispute stops collection of the disputed part until verification has arrived."""

from collections.abc import Iterator
from decimal import Decimal

from outreach.compliance import disputes
from outreach.compliance.decision import Finding, deny
from outreach.compliance.facts import Debt, Dispute
from outreach.compliance.rules import SENDING, rule
from outreach.compliance.situation import Situation


@rule(
    "DISP-01",
    "12 CFR 1006.38(d)(2)",
    needs=("disputes", "heard"),
    reads=(
        "Debt.disputes",
        "Dispute.received_at",
        "Dispute.via",
        "Dispute.in_writing",
        "Dispute.scope",
        "Dispute.amount",
        "Dispute.verification",
        "Dispute.duplicative",
        "Verification.sent_at",
        "Verification.method",
        "Verification.esign_consent",
        "Verification.undeliverable_at",
        "Duplicative.same_as",
        "Duplicative.new_material_information",
        "Duplicative.notice_sent_at",
        "Duplicative.notice_has_reasons",
        "Duplicative.notice_refers_to_earlier",
    ),
    channels=(*SENDING, "none"),
    actions=("send_message", "furnish_to_consumer_reporting_agency"),
    collectors_only=True,
    courtesy=True,
    also={"DISP-02": "comments 38-1, -2", "DISP-03": "12 CFR 1006.38(d)(2)(ii)", "VAL-04": "12 CFR 1006.34(b)(5)"},
)
def dispute(s: Situation) -> Iterator[Finding]:
    if not (s.demands or s.facts.action != "send_message"):
        return
    held = {debt.id: disputes.open_ones(s, debt) for debt in s.debts}
    undisputed = [_undisputed(debt, held[debt.id]) for debt in s.debts]
    asked = s.content.amount_demanded
    outside = asked is not None and all(undisputed) and Decimal() < asked <= sum(filter(None, undisputed))
    for debt in s.debts:
        if held[debt.id] and not outside:
            yield deny(f"{debt.id} is disputed and not yet verified.", "debts.disputes", also=_also(held[debt.id]))
        elif not held[debt.id] and _written(s, debt):
            yield deny(
                f"The consumer wrote what amounts to a dispute of {debt.id}.", "history.text", also=("DISP-02", "CV-10")
            )


def _undisputed(debt: Debt, held: list[Dispute]) -> Decimal | None:
    """What of a debt is surely not disputed; None: nothing, or nobody knows."""
    portions = [d.amount for d in held if d.scope == "portion" and d.amount is not None]
    if debt.balance is None or len(portions) < len(held):
        return None
    return max(debt.balance - sum(portions), Decimal()) or None


def _also(held: list[Dispute]) -> tuple[str, ...]:
    ids = ["DISP-02", "VAL-04"]
    ids += ["DISP-03"] * any(d.duplicative for d in held)
    ids += ["VAL-05"] * any(d.verification and d.verification.method == "email" for d in held)
    ids += ["VAL-06"] * any(d.verification and d.verification.undeliverable_at for d in held)
    return tuple(ids)


def _written(s: Situation, debt: Debt) -> bool:
    """Words that deny the debt or ask for proof, in the period, that nobody has turned into a recorded dispute."""
    if not s.heard:
        return False
    recorded = [d.received_at for d in debt.disputes if d.received_at is not None]
    said = s.said("dispute", written=True) + s.said("request_validation", written=True)
    return any(
        (not e.debts or debt.id in e.debts)
        and disputes.in_period(s, debt, e.at)
        and not any(at >= e.at for at in recorded)
        for e in said
    )
