"""Asks every rule, combines what they say, and finds the first instant at which all of them would agree."""

from __future__ import annotations

from datetime import datetime

from outreach.compliance import coverage, days, rules
from outreach.compliance.decision import Decision, Effect, Finding, deny, rules_behind
from outreach.compliance.facts import Facts
from outreach.compliance.reading import FactsError
from outreach.compliance.situation import Situation
from outreach.compliance.version import ruleset_version

#: Leaps from one rule's first permitted instant to the next one's; far more than any real situation needs.
LEAPS = 400


def decide(facts: Facts) -> Decision:
    """May this message go at its instant? Never raises: what cannot be judged is a denial that says why."""
    findings = _ask(facts, facts.message.at)
    effect = _effect(findings)
    earliest = None
    if effect is Effect.DEFER:
        earliest, obstacles = _leap(facts, findings)
        if obstacles:
            findings, effect = [*obstacles, *findings], Effect.DENY
    return Decision(
        decision=effect,
        earliest_utc=earliest,
        findings=tuple(findings),
        ruleset=ruleset_version(),
        tz=days.tz_version(),
        rules=rules_behind(findings, effect),
    )


def _ask(facts: Facts, at: datetime) -> list[Finding]:
    """Every rule's findings at an instant. A rule that raises withholds."""
    situation = Situation(facts, at)
    message = facts.message
    findings = coverage.unread(facts)
    asked = rules.asked(
        facts.jurisdiction,
        facts.action,
        message.channel,
        message.kind,
        situation.bound,
        situation.courteous,
        situation.states,
    )
    for rule in asked:
        try:
            found = rule.judge(situation)
            if found is not None:
                several = (found,) if isinstance(found, Finding) else found
                findings += [each.of(rule.id, rule.also.get(each.rule, rule.citation)) for each in several]
        except FactsError as error:
            findings.append(deny(f"{error}.").of(rule.id, rule.citation))
        except Exception as error:  # a broken rule must withhold, whatever broke it
            broken = f"the rule failed ({type(error).__name__}: {error}); a person must look."
            findings.append(deny(broken).of(rule.id, rule.citation))
    return findings


def _effect(findings: list[Finding]) -> Effect:
    effects = {finding.effect for finding in findings}
    return next((effect for effect in (Effect.DENY, Effect.DEFER) if effect in effects), Effect.ALLOW)


def _leap(facts: Facts, findings: list[Finding]) -> tuple[datetime | None, list[Finding]]:
    """The least instant every rule permits, leaping to the latest of their first permitted ones; or what denies it.

    A rule's first instant comes from intervals and none earlier satisfies it, so the first agreement is the least.
    """
    at = facts.message.at
    for _ in range(LEAPS):
        at = max(finding.earliest for finding in findings if finding.earliest is not None)
        findings = _ask(facts, at)
        effect = _effect(findings)
        if effect is Effect.ALLOW:
            return at, []
        if effect is Effect.DENY:
            return None, [finding for finding in findings if finding.effect is Effect.DENY]
    return None, [deny("no permitted instant was found.").of("CV-01", "house convention")]
