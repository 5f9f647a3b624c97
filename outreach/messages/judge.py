"""One draft, one person, one instant: choose the address, word it, ask the rules, review the words. Pure but for randomness.

Planning, preview and the decision at the moment of sending all come through `judge`, so a dry run cannot differ from the run.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from outreach import compliance
from outreach.compliance import facts as law
from outreach.compliance import reading
from outreach.compliance.decision import Decision, Effect, Finding, deny
from outreach.messages import composing, facts, routing, wording
from outreach.messages.drafts import Draft
from outreach.messages.people import Person
from outreach.settings import Settings


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for one draft, with all that a decision record and a message row need."""

    draft: Draft
    decision: Decision
    channel: str
    medium: str
    point: Mapping[str, Any] | None
    account_ids: tuple[int, ...]
    facts: law.Facts | None
    rendition: wording.Rendition | None
    values: Mapping[str, Any]
    #: fingerprint of words that passed their review
    reviewed: str = ""

    @property
    def allowed(self) -> bool:
        return self.decision.decision is Effect.ALLOW

    @property
    def deferred(self) -> bool:
        return self.decision.decision is Effect.DEFER

    def against(self) -> list[tuple[str, str]]:
        """Rule and sentence of what speaks against now, principal first."""
        found = [f for f in self.decision.findings if f.effect is not Effect.ALLOW]
        order = {rule: n for n, rule in enumerate(self.decision.rules)}
        return [(f.rule, f.reason) for f in sorted(found, key=lambda f: order.get(f.rule, len(order)))]

    def stored_facts(self) -> str:
        """Canonical JSON of the facts, for the record and its hash."""
        return "{}" if self.facts is None else reading.text(self.facts)


def judge(
    person: Person,
    draft: Draft,
    *,
    now: datetime,
    settings: Settings,
    values: Mapping[str, Any] | None = None,
    planned: wording.Planned | None = None,
) -> Judged:
    """Decide and word one draft. Never raises for bad facts or words: they deny, naming what is wrong.

    `planned`: what was made of the same draft before; what is the same again is not made anew.
    A draft for the `preferred` channel goes to the other one where the first is closed and the person stated no wish.
    """
    first = _judge(person, draft, now=now, settings=settings, values=values, planned=planned)
    if draft.channel != "preferred" or first.allowed or first.deferred or routing.stated(person):
        return first
    other = replace(draft, channel="email" if first.channel == "sms" else "sms")
    second = _judge(person, other, now=now, settings=settings, values=values, planned=planned)
    return second if second.allowed or second.deferred else first


def _judge(
    person: Person,
    draft: Draft,
    *,
    now: datetime,
    settings: Settings,
    values: Mapping[str, Any] | None = None,
    planned: wording.Planned | None = None,
) -> Judged:
    accounts = routing.accounts_of(person, draft)
    channel, medium, point = routing.route(person, draft, accounts)
    base = Judged(
        draft=draft,
        decision=_refusal("ADDRESS", f"There is no {_NAMES.get(channel, channel)} on file that may be used."),
        channel=channel,
        medium=medium,
        point=point,
        account_ids=tuple(a["id"] for a in accounts),
        facts=None,
        rendition=None,
        values=values or {},
    )
    if point is None and medium != "web":
        return base
    known = {**composing.values(person, accounts, settings), **draft.values, **(values or {})}
    try:
        rendition = composing.word(person, draft, accounts, medium, known, settings, now, planned)
        act = facts.Act(
            medium=medium,
            purpose=draft.purpose,
            at=now,
            contact_point_id=point["id"] if point else None,
            account_ids=base.account_ids,
            in_reply_to=str(draft.in_reply_to) if draft.in_reply_to else None,
            by_person=draft.staff_id is not None,
            content=composing.content(rendition, draft),
        )
        snapshot = facts.facts(person, act, settings=settings)
        decision, mark = _reviewed(compliance.decide(snapshot), rendition, draft, medium, snapshot, settings, planned)
    except (ValueError, LookupError, wording.WordingError, wording.UnknownTemplateError) as error:
        return replace(base, decision=_refusal("FACTS", f"A person must look at this record: {error}"))
    return replace(base, decision=decision, facts=snapshot, rendition=rendition, values=known, reviewed=mark)


_NAMES = {"sms": "mobile number", "email": "email address", "preferred": "number or mailbox"}


def _refusal(rule: str, reason: str) -> Decision:
    finding = deny(reason).of(rule, "house rule: no address, no fact, no message")
    return Decision(
        decision=Effect.DENY,
        earliest_utc=None,
        findings=(finding,),
        ruleset=compliance.ruleset_version(),
        tz=compliance.tz_version(),
        rules=(rule,),
    )


def _reviewed(
    decision: Decision,
    rendition: wording.Rendition,
    draft: Draft,
    medium: str,
    snapshot: law.Facts,
    settings: Settings,
    planned: wording.Planned | None,
) -> tuple[Decision, str]:
    """Words are judged too; what a review finds denies, whatever the clock says. With the fingerprint of words that passed.

    Words that passed when they were planned pass again while nothing has changed that a review reads.
    """
    words = compliance.Words(
        purpose=snapshot.message.kind,
        medium=medium,
        languages=(rendition.language,),
        subject=rendition.subject,
        text=rendition.text,
        html=rendition.html,
        about_account=draft.about_debt,
        crisis=draft.crisis,
        licence=settings.licences().get("CA", ""),
    )
    words = compliance.closed(words, snapshot)
    mark = compliance.fingerprint(words)
    if planned is not None and planned.reviewed == mark:
        return decision, mark
    found: list[Finding] = [f for f in compliance.review(words) if f.effect is Effect.DENY]
    if not found:
        return decision, mark
    rules = tuple(dict.fromkeys([f.rule for f in found] + list(decision.rules)))
    denied = dataclasses.replace(
        decision, decision=Effect.DENY, earliest_utc=None, findings=(*found, *decision.findings), rules=rules
    )
    return denied, ""
