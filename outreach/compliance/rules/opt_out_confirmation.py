"""OPT-03, CV-06: one confirmation of an opt-out, within five minutes, that says nothing else."""

from outreach.compliance import law, refusals
from outreach.compliance.decision import Finding, allow, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

MINUTES = law.parameter("federal", "confirmation_minutes")


@rule(
    "OPT-03",
    "12 CFR 1006.14(h)(2)(i); 47 CFR 64.1200(a)(12)",
    kinds=("opt_out_confirmation",),
    reads=("Content.extra", "Content.amount_demanded", "Content.asks", "Content.mentions"),
    jurisdictions=("US", "UK"),
    also={"CV-06": "house convention", "TCPA-03": "47 CFR 64.1200(a)(12)", "PROV-02": "provider error 21610"},
)
def opt_out_confirmation(s: Situation) -> Finding | None:
    standing = refusals.standing(s)
    if not standing:
        return deny("There is no opt-out of this address or medium to confirm.", "opt_outs")
    last = max(standing, key=lambda refusal: refusal.at)
    if last.by_provider:
        return deny(
            "The provider refuses messages to this number until the person texts START.",
            "opt_outs.via",
            also=("PROV-02",),
        )
    if (s.at - last.at).total_seconds() > MINUTES.on(s.today) * 60:
        return deny("The opt-out is too long ago to confirm.", "message.at", also=("CV-06", "TCPA-03"))
    if any(e.dir == "out" and e.at >= last.at and e.medium == s.channel and s.is_here(e.address) for e in s.past):
        return deny("The opt-out was answered before.", "history")
    c = s.content
    if c.extra or c.amount_demanded is not None or c.asks or c.mentions or c.legal_threat:
        return deny("A confirmation may hold nothing but the confirmation.", "message.content", also=("TCPA-03",))
    return allow("One confirmation within five minutes of the opt-out.", "message.at", also=("CV-06",))
