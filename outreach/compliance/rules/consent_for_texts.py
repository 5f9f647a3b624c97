"""TCPA-07: texts to a mobile need the person's consent whoever sends them, a creditor's own staff included."""

from outreach.compliance import basis
from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "TCPA-07",
    "47 U.S.C. 227(b)(1)(A)",
    reads=("Phone.sms_basis", "SmsBasis.type"),
    channels=("sms",),
    spares=("opt_out_confirmation",),
)
def consent_for_texts(s: Situation) -> Finding | None:
    given = s.phone and s.phone.sms_basis
    if (given and given.type != "none") or basis.texts_allowed(s):
        return None
    return deny("No consent to texts is on record.", "phones.sms_basis.type")
