"""OPT-01: every text and email says how to opt out, simply, at no cost and without a login."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import ELECTRONIC, rule
from outreach.compliance.situation import Situation


@rule(
    "OPT-01",
    "12 CFR 1006.6(e); comment 6(e)-1",
    ages=(),
    reads=("Content.opt_out_notice", "Content.opt_out_method", "Content.crisis"),
    channels=ELECTRONIC,
    collectors_only=True,
    courtesy=True,
    spares=("opt_out_confirmation",),
)
def opt_out_notice(s: Situation) -> Finding | None:
    if s.content.crisis and s.answers is not None:
        return None  # help for somebody in danger says nothing of a debt, and nothing else either
    if not s.content.opt_out_notice:
        return deny("The message does not say how to opt out.", "message.content.opt_out_notice")
    if s.content.opt_out_method not in ("reply_stop_or_link", "link"):
        return deny("The way to opt out is not simple.", "message.content.opt_out_method")
    return None
