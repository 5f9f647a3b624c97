"""The person: where, with whom, what was asked of us, what the law says of the person's state."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from outreach.compliance.facts.base import Fact

Day = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]


class Address(Fact, frozen=True, kw_only=True):
    kind: Literal["residence"] = "residence"
    zip: str | None = None
    state: str | None = None
    country: Literal["US", "GB"] = "US"
    status: Literal["current", "former"] = "current"


class StatedLocation(Fact, frozen=True, kw_only=True):
    """Where the consumer said to be; replaces every other evidence while it lasts (CV-02)."""

    tz: str
    told_collector_at: datetime
    until: date | None = None  #: last day


class Attorney(Fact, frozen=True, kw_only=True):
    debts: tuple[str, ...] = ()  #: none named: every debt
    name: str | None = None
    address_known: bool | None = None
    readily_ascertainable: bool | None = None
    failed_to_respond: bool | None = None
    consents_to_direct_contact: bool | None = None


class Representative(Fact, frozen=True, kw_only=True):
    name: str
    role: Literal["executor"] = "executor"


class Death(Fact, frozen=True, kw_only=True):
    known_since: datetime | date | None = None
    estate_representative: Representative | None = None


class Bankruptcy(Fact, frozen=True, kw_only=True):
    chapter: Literal[7, 13] | None = None
    filed_on: date | None = None
    status: Literal["open", "discharged"] = "open"
    discharged_on: date | None = None


class CodebtorCase(Fact, frozen=True, kw_only=True):
    chapter: Literal[13] = 13
    status: Literal["open"] = "open"


class InconvenientTime(Fact, frozen=True, kw_only=True):
    days: tuple[Day, ...]
    from_: str
    to: str
    until: date | None = None  #: last day
    source: Literal["consumer", "creditor_file_notes"] = "consumer"


class ConvenientTime(Fact, frozen=True, kw_only=True):
    days: tuple[Day, ...]
    from_: str
    to: str
    given_directly_to_collector_at: datetime | None = None


class Cease(Fact, frozen=True, kw_only=True):
    debts: tuple[str, ...] = ()  #: none named: every debt
    received_at: datetime | None = None  #: not known: received
    via: Literal["mail", "email", "sms", "portal"] = "mail"
    text: str = ""


class BreathingSpace(Fact, frozen=True, kw_only=True):
    type: Literal["standard", "mental_health_crisis"] | None = None
    starts_on: date | None = None  #: not known: begun
    ends_on: date | None = None


class DistrictOfColumbia(Fact, frozen=True, kw_only=True):
    written_notice_mailed_at: datetime | None = None
    express_consent_at: datetime | None = None


class NewYorkCity(Fact, frozen=True, kw_only=True):
    electronic_consent_at: datetime | None = None


class Hold(Fact, frozen=True, kw_only=True):
    """Ours: a reason for silence and its half-open period. `law/house.yaml` says what each reason blocks."""

    reason: Literal[
        "attorney", "bankruptcy", "deceased", "dispute", "minor", "servicemember", "identity_theft",
        "validation_request", "cease", "self_harm", "threat", "manual", "recalled", "paid", "vulnerable", "plan",
        "person_holds_thread", "wrong_person", "hardship", "complaint", "unresolved", "owner_route",
    ]  # fmt: skip
    since: datetime
    until: datetime | None = None  #: None = until a person lifts it
    #: "person", or the id of a debt, phone or email of these facts
    scope: str = "person"


class Consumer(Fact, frozen=True, kw_only=True):
    id: str = "C1"
    role: Literal["obligor", "codebtor"] = "obligor"
    adult: bool | None = True
    addresses: tuple[Address, ...] = ()
    stated_location: StatedLocation | None = None
    represented_by_attorney: Attorney | None = None
    deceased: Death | None = None
    bankruptcy: Bankruptcy | None = None
    codebtor_case: CodebtorCase | None = None
    employer_prohibits_contact: bool = False
    inconvenient_times: tuple[InconvenientTime, ...] = ()
    convenient_times: tuple[ConvenientTime, ...] = ()
    inconvenient_places: tuple[Literal["home"], ...] = ()
    cease: tuple[Cease, ...] = ()
    breathing_space: BreathingSpace | None = None
    dc: DistrictOfColumbia | None = None
    nyc: NewYorkCity | None = None
    holds: tuple[Hold, ...] = ()  #: ours
