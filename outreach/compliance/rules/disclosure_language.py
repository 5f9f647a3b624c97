"""DISC-03: the statement stands in every language of the message."""

from outreach.compliance.decision import Finding, deny, missing
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "DISC-03",
    "12 CFR 1006.18(e)(4)",
    ages=(),
    reads=("Content.languages", "Content.disclosure_languages"),
    collectors_only=True,
    spares=("opt_out_confirmation",),
)
def disclosure_language(s: Situation) -> Finding | None:
    lacking = [language for language in s.content.languages if language not in s.content.disclosure_languages]
    if s.informs and not s.content.languages:
        return missing("message.content.languages")
    if not s.informs or not lacking:
        return None
    return deny(f"The statement is missing in {', '.join(lacking)}.", "message.content.disclosure_languages")
