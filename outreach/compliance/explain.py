"""A decision in plain words, for a case manager or the person concerned."""

from __future__ import annotations

from outreach.compliance.decision import Decision, Effect

HEADS = {
    "en": {
        Effect.ALLOW: "It may go.",
        Effect.DENY: "It may not go, and waiting alone will not change that.",
        Effect.DEFER: "It has to wait until {at:%d %B %Y, %H:%M} UTC.",
    },
    "es": {
        Effect.ALLOW: "Se puede enviar.",
        Effect.DENY: "No se puede enviar, y esperar no basta para cambiarlo.",
        Effect.DEFER: "Debe esperar hasta el {at:%d/%m/%Y, %H:%M} UTC.",
    },
}


def explain(decision: Decision, language: str = "en") -> str:
    """One sentence with the answer, then a line for each reason with rule and citation (the reasons are in English)."""
    lines = [HEADS[language][decision.decision].format(at=decision.earliest_utc)]
    lines += [f"- {finding.reason} ({finding.rule}: {finding.citation})" for finding in decision.findings]
    lines.append(f"Rules {decision.ruleset}, time zones {decision.tz}.")
    return "\n".join(lines)
