"""What is known of a person, in the words of the law: people.Person -> compliance.Facts. Pure; no query, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from outreach.compliance import facts as law
from outreach.messages.known import debts, history, ids, persons
from outreach.messages.known import points as addresses
from outreach.messages.people import Person
from outreach.settings import Settings

#: our purposes -> the `kind` list of decision-cases.yaml; what is neither asked for nor a notice counts as unsolicited
_KINDS = frozenset(
    [
        "campaign",
        "reply",
        "opt_out_confirmation",
        "validation_notice",
        "verification",
        "duplicative_dispute_notice",
        "consent_request",
        "cease_exception_terminate",
        "cease_exception_specified_remedy",
        "voicemail",
    ]
)
#: what answers an act of the person's own: no demand, and no licence either to come at night, which only a message gives
_ANSWERING = frozenset({"payment_received", "plan_confirmation"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is about to be done, in our words."""

    medium: str
    purpose: str
    at: datetime
    contact_point_id: int | None
    account_ids: Sequence[int]
    in_reply_to: str | None = None
    by_person: bool = False
    #: what the wording holds: see `wording.Rendition`
    content: law.Content = field(default_factory=law.Content)


def facts(person: Person, act: Act, *, settings: Settings) -> law.Facts:
    """The frozen snapshot for one act towards one person."""
    accounts = person["accounts"] or []
    concerned = [a for a in accounts if a["id"] in act.account_ids] or accounts
    points = person["points"] or []
    return law.Facts(
        message=_message(act, points, concerned, esign=_esign(person)),
        jurisdiction="UK" if person["country"] == "GB" else "US",
        collector=_collector(concerned, settings, capped=act.purpose == "campaign"),
        consumer=persons.consumer(person, act.at, act.purpose),
        phones=tuple(addresses.phone(p) for p in points if p["kind"] == "phone"),
        emails=tuple(addresses.email(p) for p in points if p["kind"] == "email"),
        opt_outs=tuple(addresses.opt_outs(person["consents"] or [], points)),
        debts=tuple(debts.debt(a, person["disputes"] or [], act.at) for a in accounts),
        history=tuple(history.history(person["history"] or [], points)),
    )


def _esign(person: Person) -> bool:
    """The person's newest word on papers in electronic form is a yes (15 U.S.C. 7001(c))."""
    return any(w["kind"] == "papers" and w["value"].get("electronic") is True for w in person["wishes"] or [])


def _message(
    act: Act, points: Sequence[Mapping[str, Any]], concerned: Sequence[Mapping[str, Any]], *, esign: bool
) -> law.Message:
    answers = act.in_reply_to or act.purpose in _ANSWERING
    kind = act.purpose if act.purpose in _KINDS else ("reply" if answers else "campaign")
    return law.Message(
        channel=act.medium,  # type: ignore[arg-type]
        at=act.at,
        to=next((ids.key(p) for p in points if p["id"] == act.contact_point_id), None),
        kind=kind,  # type: ignore[arg-type]
        in_reply_to=act.in_reply_to,
        debts=tuple(f"D{a['id']}" for a in concerned),
        content=act.content,
        esign_consent=esign,
        author="person" if act.by_person else "machine",
    )


def _collector(concerned: Sequence[Mapping[str, Any]], settings: Settings, *, capped: bool) -> law.Collector:
    """The organisation's own cap is for what nobody asked for: a receipt or the terms just agreed on are not held back by it."""
    kinds = {a["relationship"] for a in concerned}
    kind = next((k for k in ("third_party", "debt_buyer", "first_party") if k in kinds), "third_party")
    caps = [(settings.contact_cap_day, 1), (settings.contact_cap_week, 7)]
    return law.Collector(
        name=settings.company_name,
        kind=kind,  # type: ignore[arg-type]
        accepts_inbound=("sms", "email", "portal", "mail", "voice"),
        organisation_frequency_cap=tuple(law.Cap(count=n, days=d) for n, d in caps if n and capped) or None,
        sms_third_party_allowed=all(a["sms_allowed"] for a in concerned if a["relationship"] != "first_party"),
        creditors_like_collectors=True,
        reply_minutes=15,
    )
