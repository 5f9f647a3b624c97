"""OPT-02, OPT-04, OPT-05: a medium or address the person refused is closed for every debt at once."""

from outreach.compliance import refusals
from outreach.compliance.decision import Finding, allow, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation
from outreach.compliance.views.subject import REQUIRED_KINDS


@rule(
    "OPT-02",
    "12 CFR 1006.14(h)(1); comments 14(h)(1)-1 to -3",
    reads=(),
    needs=("opt_outs", "heard", "cease"),
    jurisdictions=("US", "UK"),
    also={
        "OPT-04": "12 CFR 1006.14(h)(2)(ii)",
        "OPT-05": "12 CFR 1006.14(h)(2)(iii); comment 42(a)(1)-4",
        "PROV-02": "provider error 21610",
        "OPT-06": "CFPB Debt Collection Rule FAQs, 27 July 2022",
        "TCPA-01": "47 CFR 64.1200(a)(10)",
        "TCPA-05": "47 CFR 64.1200(a)(10); FCC DA 26-12",
    },
    spares=("opt_out_confirmation",),
)
def refused_medium(s: Situation) -> Finding | None:
    standing = refusals.standing(s)
    if not standing:
        return None
    if s.answers is not None and all(r.at <= s.answers.at and r.source != s.answers.id for r in standing):
        return allow("One answer to the consumer who wrote again there.", "message.in_reply_to", also=("OPT-04",))
    required = s.kind in REQUIRED_KINDS
    if required and s.channel == "mail":
        return allow("The law asks for this letter although no mail is wanted.", "message.kind", also=("OPT-05",))
    also = tuple(
        dict.fromkeys([r.rule for r in standing if r.rule != "OPT-02"] + ["OPT-05"] * required + _also(standing))
    )
    return deny(f"The person asked us not to use this {s.channel} address or medium.", standing[0].fact, also=also)


def _also(standing: list[refusals.Refusal]) -> list[str]:
    """A refusal in the person's own words rests on what those mean, not on a keyword (OPT-06, TCPA-01)."""
    return ["OPT-06", "TCPA-01"] if any(r.fact == "history.text" for r in standing) else []
