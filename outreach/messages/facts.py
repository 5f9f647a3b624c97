"""What is known of a person, in the words of the law: people.Person -> compliance.Facts. Pure; no query, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args, get_type_hints

from outreach.compliance import facts as law
from outreach.compliance import reading
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
#: our hold reasons -> the engine's, where the word differs
_HOLDS = {
    "original_creditor_request": "validation_request",
    "person": "person_holds_thread",
    "wrong_address": "wrong_person",
    "bounced": "manual",
    "replied": "manual",
}
#: what answers an act of the person's own: no demand, and no licence either to come at night, which only a message gives
_ANSWERING = frozenset({"payment_received", "plan_confirmation"})
#: notices of a plan or payment, and the holds that keep everything else away because of that very plan or payment
_OWN_NOTICES = {
    "plan_due": ("plan",),
    "plan_confirmation": ("plan",),
    "payment_received": ("plan", "paid"),
}
#: 12 CFR 1006.2(f): a consumer financial product or service
_FINANCIAL = frozenset(
    ["credit_card", "personal_loan", "auto_loan", "student_loan", "mortgage", "payday_loan", "bnpl", "overdraft"]
)
_MEDIUM_OF: dict[str, Literal["sms", "email"]] = {"phone": "sms", "email": "email"}
_SMS_BASES = frozenset(get_args(get_type_hints(law.SmsBasis)["type"]))
_EMAIL_BASES = frozenset(get_args(get_type_hints(law.EmailBasis)["type"]))
_BASIS_FACTS = frozenset(law.EmailBasis.__struct_fields__)
_DAYS = {"mon": "MON", "tue": "TUE", "wed": "WED", "thu": "THU", "fri": "FRI", "sat": "SAT", "sun": "SUN"}
_WEEK = tuple(_DAYS.values())


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
        consumer=_consumer(person, act.at, act.purpose),
        phones=tuple(_phone(p) for p in points if p["kind"] == "phone"),
        emails=tuple(_email(p) for p in points if p["kind"] == "email"),
        opt_outs=tuple(_opt_outs(person["consents"] or [], points)),
        debts=tuple(_debt(a, person["disputes"] or [], act.at) for a in accounts),
        history=tuple(_history(person["history"] or [], points)),
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
        to=next((_key(p) for p in points if p["id"] == act.contact_point_id), None),
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


def _consumer(person: Person, at: datetime, purpose: str) -> law.Consumer:
    born = person["date_of_birth"]
    stated = person["stated_timezone"]
    wishes = {w["kind"]: w for w in person["wishes"] or [] if not w["until"] or _at(w["until"]) > at}
    return law.Consumer(
        id=str(person["id"]),
        role=person["role"],
        adult=born is None or _years(born, at.date()) >= 18,
        addresses=_addresses(person),
        stated_location=law.StatedLocation(tz=stated, told_collector_at=person["stated_timezone_at"] or at)
        if stated
        else None,
        inconvenient_times=tuple(_quiet(wishes)),
        inconvenient_places=("home",) if wishes.get("place", {}).get("value", {}).get("place") == "home" else (),
        employer_prohibits_contact=wishes.get("place", {}).get("value", {}).get("place") == "work",
        holds=tuple(_holds(person, purpose)),
        **_law_facts(person["law_facts"]),
    )


def _addresses(person: Person) -> tuple[law.Address, ...]:
    if not (person["zip"] or person["state"]):
        return ()
    return (
        law.Address(
            zip=(person["zip"] or "")[:5] or None,
            state=person["state"],
            country="GB" if person["country"] == "GB" else "US",
        ),
    )


def _law_facts(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Facts kept in the words of the case format: dc, nyc, breathing_space, codebtor_case."""
    shapes: dict[str, type[law.Fact]] = {
        "dc": law.DistrictOfColumbia,
        "nyc": law.NewYorkCity,
        "breathing_space": law.BreathingSpace,
        "codebtor_case": law.CodebtorCase,
    }
    return {name: reading.read(shapes[name], value) for name, value in stored.items() if name in shapes and value}


def _holds(person: Person, purpose: str) -> list[law.Hold]:
    found = [
        law.Hold(
            reason=_HOLDS.get(h["reason"], h["reason"]),
            since=_at(h["since"]),
            until=_at(h["until"]) if h["until"] else None,
            scope=f"D{h['account']}" if h["account"] else _point_scope(h["point"], person) if h["point"] else "person",
        )
        for h in person["holds"] or []
        if h["reason"] not in _OWN_NOTICES.get(purpose, ())
    ]
    if person["held_by"] is not None:
        found.append(law.Hold(reason="person_holds_thread", since=person["held_at"]))
    high = [a for a in person["accounts"] or [] if a["high_value"] is not None and a["balance"] > a["high_value"]]
    found += [law.Hold(reason="owner_route", since=_EPOCH, scope=f"D{a['id']}") for a in high]
    return found


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _point_scope(point_id: int, person: Person) -> str:
    return next((_key(p) for p in person["points"] or [] if p["id"] == point_id), "person")


def _quiet(wishes: Mapping[str, Any]) -> list[law.InconvenientTime]:
    """`quiet_window`: not then; `time_window`: only then, so everything else is inconvenient."""
    found: list[law.InconvenientTime] = []
    for kind, inverted in (("quiet_window", False), ("time_window", True)):
        said = wishes.get(kind, {}).get("value")
        for value in [said, *said.get("more", [])] if said else []:
            found += _inconvenient(value, inverted=inverted)
    return found


def _inconvenient(value: Mapping[str, Any], *, inverted: bool) -> list[law.InconvenientTime]:
    days = tuple(_DAYS[d] for d in value["days"].split(",")) if value.get("days") else _WEEK
    start, _, end = (value.get("window") or "-").partition("-")
    start, end = start or "00:00", end or "24:00"
    if not inverted:
        return _spans(days, start, end)
    outside = _spans(days, "00:00", start) + _spans(days, end, "24:00")
    return outside + _spans(tuple(d for d in _WEEK if d not in days), "00:00", "24:00")


def _spans(days: tuple[str, ...], start: str, end: str) -> list[law.InconvenientTime]:
    if start == end or not days:
        return []
    if start > end:  # over midnight
        return _spans(days, start, "24:00") + _spans(_next_days(days), "00:00", end)
    return [law.InconvenientTime(days=days, from_=start, to=end)]  # type: ignore[arg-type]


def _next_days(days: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_WEEK[(_WEEK.index(d) + 1) % 7] for d in days)


def _phone(p: Mapping[str, Any]) -> law.Phone:
    check = None
    if p["checked_at"]:
        # A placement's check is of the basis it stands beside: the database was asked about the time since then.
        asked = _at(p["basis_at"] or p["checked_at"])
        check = law.ReassignedCheck(at=_at(p["checked_at"]), result=p["check"] or "no_data", as_of=asked)
    return law.Phone(
        id=_key(p),
        e164=p["address"],
        area_code=p["area_code"],
        line=p["line"],
        status=_status(p),
        sms_basis=law.SmsBasis(
            type=_basis(p, _SMS_BASES), at=_at(p["basis_at"]) if p["basis_at"] else None, reassigned_check=check
        ),
        third_party_disclosure_reported=law.DisclosureReport(at=_at(p["reported_at"])) if p["reported_at"] else None,
    )


def _email(p: Mapping[str, Any]) -> law.Email:
    told = {k: v for k, v in (p["basis_facts"] or {}).items() if k in _BASIS_FACTS}
    return law.Email(
        id=_key(p),
        address=p["address"],
        domain_public=p["public"],
        employer_provided=p["employer"],
        status=_status(p),
        email_basis=reading.read(law.EmailBasis, {"type": p["basis"], "at": p["basis_at"], **told})
        if told
        else law.EmailBasis(type=_basis(p, _EMAIL_BASES), at=_at(p["basis_at"]) if p["basis_at"] else None),
    )


def _basis(p: Mapping[str, Any], allowed: frozenset[str]) -> Any:
    """A basis the law knows. Raises `FactsError` for any other word: nothing may leave on it."""
    if p["basis"] not in allowed:
        raise reading.FactsError(f"{_key(p)}: {p['basis']!r} is no basis")
    return p["basis"]


def _status(p: Mapping[str, Any]) -> Any:
    """A dead number or mailbox is no longer the person's."""
    return "former" if p["status"] == "dead" else p["status"]


def _opt_outs(consents: Sequence[Mapping[str, Any]], points: Sequence[Mapping[str, Any]]) -> list[law.OptOut]:
    """The fold of grants and refusals: what is refused now. A refusal is lifted only by a later grant that covers it."""
    found: list[law.OptOut] = []
    for medium in ("sms", "email", "voice", "mail"):
        latest = None
        for event in consents:
            electronic = event["scope"] == "all_electronic" and medium in {"sms", "email"}
            if electronic or (event["scope"] == "medium" and event["medium"] == medium):
                latest = event
        if latest is not None and latest["kind"] == "refusal":
            found.append(law.OptOut(at=_at(latest["at"]), scope="medium", medium=medium))
    for p in points:
        latest = None
        for event in consents:
            if event["address"] == p["address"] and (event["scope"] == "address" or event["kind"] == "grant"):
                latest = event
        if latest is not None and latest["kind"] == "refusal":
            found.append(
                law.OptOut(at=_at(latest["at"]), scope="address", medium=_MEDIUM_OF[p["kind"]], address=_key(p))
            )
    return found


def _debt(a: Mapping[str, Any], disputes: Sequence[Mapping[str, Any]], at: datetime) -> law.Debt:
    mine = [x for x in disputes if x["account"] == a["id"]]
    validation = None
    if a["validation_at"]:
        undeliverable = a["validation_undeliverable_at"]
        validation = law.Validation(
            provided_at=_at(a["validation_at"]),
            method=a["validation_method"] or "mail",
            undeliverable_at=_at(undeliverable) if undeliverable else None,
            period_end=date.fromisoformat(a["validation_end"]) if a["validation_end"] else None,
        )
    return law.Debt(
        id=f"D{a['id']}",
        type=a["type"],
        consumer_financial_product=a["type"] in _FINANCIAL,
        balance=Decimal(a["balance"]) / 100,
        status="closed" if a["status"] == "recalled" else a["status"],
        time_barred=date.fromisoformat(a["limitation"]) <= at.date() if a["limitation"] else None,
        initial_communication_at=_at(a["initial_at"]) if a["initial_at"] else None,
        validation=validation,
        disputes=tuple(_dispute(x) for x in mine if x["kind"] in {"dispute", "validation"} and x["status"] != "upheld"),
        original_creditor_requests=tuple(
            law.OriginalCreditorRequest(
                received_at=_at(x["received_at"]), answered_at=_at(x["answered_at"]) if x["answered_at"] else None
            )
            for x in mine
            if x["kind"] == "original_creditor"
        ),
    )


def _dispute(x: Mapping[str, Any]) -> law.Dispute:
    verification = None
    if x["answered_at"]:
        undeliverable = x["undeliverable_at"]
        verification = law.Verification(
            sent_at=_at(x["answered_at"]),
            method=x["method"] or "mail",
            esign_consent=x["esign"],
            undeliverable_at=_at(undeliverable) if undeliverable else None,
        )
    return law.Dispute(
        id=f"X{x['id']}",
        received_at=_at(x["received_at"]),
        via=x["via"] if x["via"] in {"email", "portal", "mail", "sms", "voice"} else "portal",
        scope=x["scope"],
        amount=Decimal(x["amount"]) / 100 if x["amount"] is not None else None,
        verification=verification,
    )


def _history(entries: Sequence[Mapping[str, Any]], points: Sequence[Mapping[str, Any]]) -> list[law.HistoryEntry]:
    keys = {p["id"]: _key(p) for p in points}
    return [
        law.HistoryEntry(
            id=e["id"],
            at=_at(e["at"]),
            dir=e["dir"],
            medium=e["medium"],
            kind=_history_kind(e),  # type: ignore[arg-type]
            address=keys.get(e["point"]),
            debts=tuple(f"D{a}" for a in e["accounts"]),
            in_reply_to=e["reply_to"],
            informs=e["about"] != "false",
            uncertain=e["status"] in {"sending", "unknown"},
        )
        for e in entries
    ]


def _history_kind(e: Mapping[str, Any]) -> str:
    if e["outcome"]:  # a logged call: call_unanswered, conversation, ...
        return str(e["outcome"])
    if e["dir"] == "in":
        return "consumer_message"
    return "reply" if e["reply_to"] else "campaign"


def _key(p: Mapping[str, Any]) -> str:
    return f"{'P' if p['kind'] == 'phone' else 'E'}{p['id']}"


def _at(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
