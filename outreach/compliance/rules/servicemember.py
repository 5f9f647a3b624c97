"""SCRA-01: what a servicemember owes has to be computed anew by a person before anything is asked."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule("SCRA-01", "50 U.S.C. 3937(a), 3931(b)", reads=(), needs=("heard",), spares=("opt_out_confirmation",))
def servicemember(s: Situation) -> Finding | None:
    if s.demands and s.said("servicemember"):
        return deny("The consumer wrote of active duty; a person must look at interest and status.", "history.text")
    return None
