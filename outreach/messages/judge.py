"""One draft, one person, one instant: choose the address, word it, ask the rules, review the words. Pure but for randomness.

Planning, preview and the decision at the moment of sending all come through `judge`, so a dry run cannot differ from the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from outreach import compliance
from outreach.compliance import facts as law
from outreach.compliance import reading
from outreach.compliance.decision import Decision, Effect, Finding, deny
from outreach.messages import facts, phrases, routing, wording
from outreach.messages.drafts import Draft
from outreach.messages.people import Person
from outreach.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
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
    person: Person, draft: Draft, *, now: datetime, settings: Settings, values: Mapping[str, Any] | None = None
) -> Judged:
    """Decide and word one draft. Never raises for bad facts or words: they deny, naming what is wrong.

    A draft for the `preferred` channel goes to the other one where the first is closed and the person stated no wish.
    """
    first = _judge(person, draft, now=now, settings=settings, values=values)
    if draft.channel != "preferred" or first.allowed or first.deferred or routing.stated(person):
        return first
    other = replace(draft, channel="email" if first.channel == "sms" else "sms")
    second = _judge(person, other, now=now, settings=settings, values=values)
    return second if second.allowed or second.deferred else first


def _judge(
    person: Person, draft: Draft, *, now: datetime, settings: Settings, values: Mapping[str, Any] | None = None
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
    known = {**_values(person, accounts, settings), **draft.values, **(values or {})}
    try:
        rendition = _word(person, draft, accounts, medium, known, settings, now)
        act = facts.Act(
            medium=medium,
            purpose=draft.purpose,
            at=now,
            contact_point_id=point["id"] if point else None,
            account_ids=base.account_ids,
            in_reply_to=str(draft.in_reply_to) if draft.in_reply_to else None,
            by_person=draft.staff_id is not None,
            content=_content(rendition, draft),
        )
        snapshot = facts.facts(person, act, settings=settings)
        decision = _with_review(compliance.decide(snapshot), rendition, draft, medium, snapshot, settings)
    except (ValueError, LookupError, wording.WordingError, wording.UnknownTemplateError) as error:
        return replace(base, decision=_refusal("FACTS", f"A person must look at this record: {error}"))
    return replace(base, decision=decision, facts=snapshot, rendition=rendition, values=known)


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


def _values(person: Person, accounts: Sequence[Mapping[str, Any]], settings: Settings) -> dict[str, Any]:
    """What every template may say. Figures come from the ledger as it stands now (12 CFR 1006.18(c))."""
    first = accounts[0] if accounts else None
    return {
        "first_name": person["first_name"],
        "company": settings.company_name,
        "phone": settings.company_phone,
        "address": settings.company_address,
        "email": settings.company_email,
        "web": settings.company_web,
        "creditor": first["creditor"] if first else "",
        "reference": first["ref"][-4:] if first else "",
        "balance": phrases.money(sum(a["balance"] for a in accounts)),
        "link": settings.base_url,
    }


def _word(
    person: Person,
    draft: Draft,
    accounts: Sequence[Mapping[str, Any]],
    medium: str,
    values: Mapping[str, Any],
    settings: Settings,
    now: datetime,
) -> wording.Rendition:
    language = draft.language or person["language"]
    if not draft.template:
        return _final(person, draft, accounts, medium, language, settings)
    return wording.render(
        draft.template,
        medium="sms" if medium == "web" else medium,
        language=language,
        values=values,
        initial=is_initial(person, accounts),
        licence=settings.licences().get(person["state"] or "", ""),
        time_barred=any(a["limitation"] and a["limitation"] <= now.date().isoformat() for a in accounts),
        collector=any(a["relationship"] != "first_party" for a in accounts),
    )


def is_initial(person: Person, accounts: Sequence[Mapping[str, Any]]) -> bool:
    """DISC-01, derived from history: nothing was ever communicated about one of these debts, or nothing at all to the person.

    In the District of Columbia every written communication carries the initial statement (D.C. Code 28-3814(f)(2)).
    """
    return (
        person["state"] == "DC"
        or any(a["initial_at"] is None for a in accounts)
        or not (accounts or person["contacted"])
    )


def _final(
    person: Person, draft: Draft, accounts: Sequence[Mapping[str, Any]], medium: str, language: str, settings: Settings
) -> wording.Rendition:
    """A text worded elsewhere: a dialog's approved reply, a case manager's own. What law demands and it lacks is added."""
    language = language if language in wording.LANGUAGES else "en"
    confirms = draft.purpose == "opt_out_confirmation" or draft.crisis
    collector = any(a["relationship"] != "first_party" for a in accounts)
    said = "D1" if "D1" in draft.notices else "D2" if "D2" in draft.notices else ""
    added: list[str] = []
    if not said and draft.staff_id is not None and draft.about_debt and collector:
        said = "D1" if is_initial(person, accounts) else "D2"
        added.append(phrases.disclosure(language, initial=said == "D1"))
    licence = settings.licences().get(person["state"] or "", "")
    if licence and licence not in draft.text and not confirms:
        added.append(phrases.licence(language, licence))
    electronic = medium in {"sms", "email"}
    stops = "D3" in draft.notices or bool(phrases.SAYS_STOP.search(draft.text))
    if electronic and not stops and not confirms:
        added.append(phrases.stop_line(language, medium))
        stops = True
    joint = "\n\n" if medium == "email" else " "
    text = joint.join([draft.text.strip(), *added])
    return wording.Rendition(
        subject=draft.subject,
        text=text,
        html=wording.page(text, language, draft.subject) if medium == "email" else "",
        language=language,
        template=draft.template,
        template_version="",
        disclosure={"D1": "initial", "D2": "subsequent"}.get(said, "none"),
        stop_line=stops,
        licence=bool(licence) and licence in text,
    )


def _content(rendition: wording.Rendition, draft: Draft) -> law.Content:
    language = (rendition.language,)
    return law.Content(
        opt_out_notice=rendition.stop_line,
        opt_out_method="reply_stop_or_link" if rendition.stop_line else None,
        disclosure_18e=rendition.disclosure,  # type: ignore[arg-type]
        languages=language,  # type: ignore[arg-type]
        disclosure_languages=language if rendition.disclosure != "none" else (),  # type: ignore[arg-type]
        license_number=rendition.licence,
        conveys_debt_information=draft.about_debt,
        acknowledgement=draft.acknowledgement,
        crisis=draft.crisis,
    )


def _with_review(
    decision: Decision,
    rendition: wording.Rendition,
    draft: Draft,
    medium: str,
    snapshot: law.Facts,
    settings: Settings,
) -> Decision:
    """Words are judged too; what a review finds denies, whatever the clock says."""
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
    found: list[Finding] = [f for f in compliance.review(words, snapshot) if f.effect is Effect.DENY]
    if not found:
        return decision
    rules = tuple(dict.fromkeys([f.rule for f in found] + list(decision.rules)))
    return replace(
        decision, decision=Effect.DENY, earliest_utc=None, findings=(*found, *decision.findings), rules=rules
    )
