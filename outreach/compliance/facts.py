"""The frozen snapshot every rule reads, key for key the vocabulary of a decision case.

Instants are aware and UTC; dates, and wall times "HH:MM", are those at the consumer's location;
money is `Decimal`. None means unknown or none. A field whose comment starts with "ours" is not part of the case
vocabulary: its default is neutral, so a case that knows nothing of it is still complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Medium = Literal["sms", "email", "voice", "mail", "web"]
Day = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
Route = Literal["i", "ii"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """So many contacts in so many calendar days."""

    count: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    name: str = ""
    kind: Literal["third_party", "first_party", "debt_buyer"] = "third_party"
    #: media through which this collector accepts what consumers write (comment 38-2)
    accepts_inbound: tuple[Literal["sms", "email", "portal", "mail", "voice"], ...] = ()
    #: CV-08, all channels together; None = off
    organisation_frequency_cap: tuple[Cap, ...] | None = None
    #: ours: False = texts about third-party debts are off (PROV-03); None = not assessed
    sms_third_party_allowed: bool | None = None
    #: ours: True = a creditor's own debtors are treated as well as a collector must: hours, basis, stop, dispute
    creditors_like_collectors: bool = False
    #: ours: a reply of the machine older than this waits for the window; None = no limit
    reply_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    kind: Literal["residence"] = "residence"
    zip: str | None = None
    state: str | None = None
    country: Literal["US", "GB"] = "US"
    status: Literal["current", "former"] = "current"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedLocation:
    """Where the consumer said to be; replaces every other evidence while it lasts (CV-02)."""

    tz: str
    told_collector_at: datetime
    until: date | None = None  #: last day


@dataclass(frozen=True, slots=True, kw_only=True)
class Attorney:
    debts: tuple[str, ...] = ()  #: none named: every debt
    name: str | None = None
    address_known: bool | None = None
    readily_ascertainable: bool | None = None
    failed_to_respond: bool | None = None
    consents_to_direct_contact: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative:
    name: str
    role: Literal["executor"] = "executor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    known_since: datetime | date | None = None
    estate_representative: Representative | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bankruptcy:
    chapter: Literal[7, 13] | None = None
    filed_on: date | None = None
    status: Literal["open", "discharged"] = "open"
    discharged_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebtorCase:
    chapter: Literal[13] = 13
    status: Literal["open"] = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class InconvenientTime:
    days: tuple[Day, ...]
    from_: str
    to: str
    until: date | None = None  #: last day
    source: Literal["consumer", "creditor_file_notes"] = "consumer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvenientTime:
    days: tuple[Day, ...]
    from_: str
    to: str
    given_directly_to_collector_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cease:
    debts: tuple[str, ...] = ()  #: none named: every debt
    received_at: datetime | None = None  #: not known: received
    via: Literal["mail", "email", "sms", "portal"] = "mail"
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathingSpace:
    type: Literal["standard", "mental_health_crisis"] | None = None
    starts_on: date | None = None  #: not known: begun
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictOfColumbia:
    written_notice_mailed_at: datetime | None = None
    express_consent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewYorkCity:
    electronic_consent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignedCheck:
    """An answer of the reassigned-numbers database: was the number given to someone else since `as_of`?"""

    at: datetime | None = None
    result: Literal["not_reassigned", "reassigned", "no_data"] | None = None
    as_of: datetime | date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsBasis:
    type: Literal[
        "direct_consent", "consumer_text", "consumer_call", "creditor_consent", "prior_collector_consent", "none"
    ]
    at: datetime | None = None  #: latest consent, or latest text from the consumer
    reassigned_check: ReassignedCheck | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureReport:
    """Somebody said that messages to this number reach another person."""

    at: datetime | None = None  #: not known: said by now
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    id: str
    e164: str = ""
    area_code: str | None = None
    line: Literal["mobile", "landline"] | None = None
    status: Literal["current", "former", "wrong_party", "third_party"] = "current"
    owner: str | None = None
    sms_basis: SmsBasis | None = None
    third_party_disclosure_reported: DisclosureReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorCollector:
    collector: str
    obtained_via: Route | None = None
    used_email: bool = False
    opted_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailBasis:
    type: Literal[
        "direct_consent", "consumer_used", "portal_without_disclosure", "creditor_notice", "prior_collector", "none"
    ]
    at: datetime | None = None
    creditor_obtained_from_consumer: bool | None = None
    creditor_used_for: Literal["account", "marketing"] | None = None
    consumer_asked_creditor_to_stop: bool | None = None
    notice_form: Literal["electronic", "paper"] | None = None
    notice_sent_on: date | None = None
    deadline: date | None = None
    names_collector: bool | None = None
    discloses_email_and_use: bool | None = None
    discloses_third_party_may_see: bool | None = None
    opt_out_method: Literal["link", "reply", "visit_website_no_link"] | None = None
    opted_out_at: datetime | None = None
    chain: tuple[PriorCollector, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    id: str
    address: str = ""
    domain_public: bool | None = None
    employer_provided: bool | None = None
    status: Literal["current", "former", "wrong_party", "third_party"] = (
        "current"  #: the case vocabulary has only current
    )
    email_basis: EmailBasis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    at: datetime | None = None  #: not known: in force
    scope: Literal["address", "medium", "all_electronic"] | None = None  #: not known: the widest the rest allows
    medium: Literal["sms", "email", "voice", "mail"] | None = None
    address: str | None = None
    via: Literal["opt_out_link", "consumer_request", "provider_error_21610"] = "consumer_request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """The validation information of 12 CFR 1006.34 as it was provided."""

    provided_at: datetime | None = None
    method: Literal["mail", "email"] = "mail"
    undeliverable_at: datetime | None = None
    period_end: date | None = None  #: the end date the notice states


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    sent_at: datetime | None = None
    method: Literal["mail", "email"] = "mail"
    esign_consent: bool | None = None
    undeliverable_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicative:
    same_as: str
    new_material_information: bool | None = None
    notice_sent_at: datetime | None = None
    notice_has_reasons: bool = False
    notice_refers_to_earlier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    id: str = ""
    received_at: datetime | None = None  #: not known: received in time
    via: Literal["email", "portal", "mail", "sms", "voice"] = "mail"
    in_writing: bool = True
    scope: Literal["all", "portion"] = "all"
    amount: Decimal | None = None  #: the disputed part
    verification: Verification | None = None
    duplicative: Duplicative | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalCreditorRequest:
    received_at: datetime | None = None  #: not known: received in time
    in_writing: bool = True
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    id: str
    type: str = ""
    consumer_financial_product: bool | None = None
    balance: Decimal | None = None
    status: Literal["open", "paid", "settled", "closed"] = "open"
    time_barred: bool | None = None
    initial_communication_at: datetime | None = None
    validation: Validation | None = None
    disputes: tuple[Dispute, ...] = ()
    original_creditor_requests: tuple[OriginalCreditorRequest, ...] = ()
    identity_theft_notified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """Something said or tried before. An attempt with unknown outcome is an entry like any: it may have arrived."""

    id: str
    at: datetime
    dir: Literal["in", "out"]
    medium: Medium
    kind: Literal[
        "consumer_message", "consumer_call", "campaign", "reply", "call_unanswered", "call_not_connected",
        "limited_content_voicemail", "conversation",
    ]  # fmt: skip
    address: str | None = None
    debts: tuple[str, ...] = ()  #: for a conversation: those discussed
    text: str = ""
    in_reply_to: str | None = None
    initiated_about: tuple[str, ...] | None = None
    countable_toward: tuple[str, ...] | None = None
    consumer_consent_call_back: CallBack | None = None
    misdirected_learned_at: datetime | None = None
    informs: bool = True  #: ours: False = it said nothing of a debt, so it was a contact and no communication
    uncertain: bool = False  #: ours: nobody knows whether it arrived; counts as a contact, not as a disclosure made


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    role: Literal["consumer", "parent", "personal_representative", "estate"] = "consumer"
    named: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    opt_out_notice: bool = False
    opt_out_method: Literal["reply_stop_or_link", "link", "login_and_ssn"] | None = None
    disclosure_18e: Literal["initial", "subsequent", "none"] = "none"
    languages: tuple[Literal["en", "es"], ...] = ("en",)
    disclosure_languages: tuple[Literal["en", "es"], ...] = ()
    license_number: bool = False
    legal_threat: bool = False
    limited_content: bool = False
    conveys_debt_information: bool | None = None
    amount_demanded: Decimal | None = None
    asks: Literal["consent_to_continue_now"] | None = None
    extra: Literal["payment_link"] | None = None
    mentions: str | None = None
    elements_complete: bool | None = None
    stated_period_end: date | None = None
    account_number_display: Literal["last4", "fully_masked"] | None = None
    itemization_reference_dates: (
        tuple[Literal["last_statement", "charge_off", "last_payment", "transaction", "judgment"], ...] | None
    ) = None
    #: ours: an answer that only acknowledges what was heard: no amount, no offer, no request to pay
    acknowledgement: bool = False
    #: ours: help for somebody in danger and nothing else
    crisis: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The act being judged. `at` is the dispatch instant."""

    channel: Literal["sms", "email", "mail", "voice", "social_public", "web", "none"]
    at: datetime
    to: str | None = None
    kind: Literal[
        "campaign", "reply", "opt_out_confirmation", "validation_notice", "verification", "duplicative_dispute_notice",
        "consent_request", "cease_exception_terminate", "cease_exception_specified_remedy", "voicemail",
    ] = "campaign"  # fmt: skip
    in_reply_to: str | None = None
    debts: tuple[str, ...] = ("D1",)
    esign_consent: bool | None = None
    recipient: Recipient = Recipient()
    content: Content = Content()
    #: ours: who speaks; a hold of the machine does not silence a case manager
    author: Literal["machine", "person"] = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A letter or message about the debt, sent before furnishing (12 CFR 1006.30(a)(1)(ii))."""

    at: datetime
    medium: Literal["mail", "email", "sms"] = "mail"
    undeliverable_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known when a decision is made."""

    message: Message
    jurisdiction: Literal["US", "UK"] = "US"
    action: Literal["send_message", "furnish_to_consumer_reporting_agency", "purge_records"] = "send_message"
    collector: Collector = Collector()
    consumer: Consumer = Consumer()
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    opt_outs: tuple[OptOut, ...] = ()
    debts: tuple[Debt, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    last_collection_activity_at: datetime | None = None
    about_debt_notices: tuple[Notice, ...] = ()
