"""SMS-03: a number the database says was given to somebody else is dead."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "SMS-03",
    "comment 6(d)(5)-1; FCC DA 21-1649",
    needs=("reassigned_check",),
    reads=("ReassignedCheck.at", "ReassignedCheck.result", "ReassignedCheck.as_of"),
    channels=("sms",),
    spares=("opt_out_confirmation",),
)
def sms_reassigned(s: Situation) -> Finding | None:
    given = s.phone and s.phone.sms_basis
    check = given and given.reassigned_check
    if not check or check.result != "reassigned" or (check.at and check.at > s.at):
        return None
    if s.answers is not None and not s.informs:
        return None  # whoever wrote from there may be told that they were heard, and nothing of a debt
    return deny(
        "The database says the number was given to somebody else.",
        "phones.sms_basis.reassigned_check.result",
        also=("TP-02",),
    )
