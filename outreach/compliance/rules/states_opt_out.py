"""ST-DC-02, ST-NYC-01: opt-out language in every text and email, a creditor's own staff included."""

from outreach.compliance import law
from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import ELECTRONIC, rule
from outreach.compliance.situation import Situation

CITY = law.parameter("states", "nyc_consent")


@rule(
    "ST-STOP",
    "D.C. Code 28-3814(d)(4)(B)(iii); 6 RCNY 5-77",
    states=("DC", "NY"),
    reads=("Content.opt_out_notice",),
    channels=ELECTRONIC,
    spares=("opt_out_confirmation",),
    also={"ST-DC-02": "D.C. Code 28-3814(d)(4)(B)(iii)", "ST-NYC-01": "6 RCNY 5-77", "OPT-01": "12 CFR 1006.6(e)"},
)
def states_opt_out(s: Situation) -> Finding | None:
    if s.content.opt_out_notice or (s.content.crisis and s.answers is not None):
        return None
    city = s.in_new_york_city and CITY.on(s.today)
    named = ("ST-DC-02",) * ("DC" in s.states) + ("ST-NYC-01",) * bool(city)
    if not named:
        return None
    return deny("The message does not say how to opt out.", "message.content.opt_out_notice", also=named)
