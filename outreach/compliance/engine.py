"""Asks every rule, combines what they say, and finds the first instant at which all of them would agree."""

from __future__ import annotations

from collections.abc import Iterable
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
    situation = Situation(facts, facts.message.at)
    concerned = _concerned(situation)
    findings = coverage.unread(facts) + _ask(situation, concerned.every)
    effect = _effect(findings)
    earliest = None
    if effect is Effect.DEFER:
        earliest, obstacles = _leap(situation, findings, concerned)
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


def _concerned(situation: Situation) -> rules.Asked:
    """The rules that concern the act and the person."""
    return rules.asked(
        situation.facts.jurisdiction,
        situation.facts.action,
        situation.channel,
        situation.kind,
        situation.bound,
        situation.courteous,
        situation.states,
        situation.traits,
    )


def _ask(situation: Situation, asked: Iterable[rules.Rule]) -> list[Finding]:
    """What these rules find in a situation. A rule that raises withholds."""
    findings: list[Finding] = []
    for rule in asked:
        try:
            found = rule.judge(situation)
            if found is None:
                continue
            if isinstance(found, Finding):
                findings.append(found.of(rule.id, rule.citation))
            else:
                findings += [each.of(rule.id, rule.citation) for each in found]
        except FactsError as error:
            findings.append(deny(f"{error}.").of(rule.id, rule.citation))
        except Exception as error:  # a broken rule must withhold, whatever broke it
            broken = f"the rule failed ({type(error).__name__}: {error}); a person must look."
            findings.append(deny(broken).of(rule.id, rule.citation))
    return findings


def _effect(findings: list[Finding]) -> Effect:
    worst = Effect.ALLOW
    for finding in findings:
        if finding.effect is Effect.DENY:
            return Effect.DENY
        if finding.effect is Effect.DEFER:
            worst = Effect.DEFER
    return worst


def _leap(
    situation: Situation, findings: list[Finding], concerned: rules.Asked
) -> tuple[datetime | None, list[Finding]]:
    """The least instant every rule permits, leaping to the latest of their first permitted ones; or what denies it.

    A rule's first instant comes from intervals and none earlier satisfies it, so the first agreement is the least.
    Rules that mind the clock are asked first: while they disagree, the others need not be asked. Those that do
    not age are not asked again unless something more is said or sent by then.
    """
    for _ in range(LEAPS):
        at = max(finding.earliest for finding in findings if finding.earliest is not None)
        situation = situation.moved(at)
        findings = _ask(situation, concerned.clocks)
        if _effect(findings) is Effect.ALLOW:
            findings = _ask(situation, concerned.others if situation.eventful else concerned.ageing)
        effect = _effect(findings)
        if effect is Effect.ALLOW:
            return at, []
        if effect is Effect.DENY:
            return None, [finding for finding in findings if finding.effect is Effect.DENY]
    return None, [deny("no permitted instant was found.").of("CV-01", "house convention")]
