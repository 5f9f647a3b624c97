"""Who acts, what was done before, and what is about to be done."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from outreach.compliance.facts.base import Fact

Medium = Literal["sms", "email", "voice", "mail", "web"]


class Cap(Fact, frozen=True, kw_only=True):
    """So many contacts in so many calendar days."""

    count: int
    days: int


class Collector(Fact, frozen=True, kw_only=True):
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


class CallBack(Fact, frozen=True, kw_only=True):
    at: datetime


class HistoryEntry(Fact, frozen=True, kw_only=True):
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


class Recipient(Fact, frozen=True, kw_only=True):
    role: Literal["consumer", "parent", "personal_representative", "estate"] = "consumer"
    named: bool = True


class Content(Fact, frozen=True, kw_only=True):
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


class Message(Fact, frozen=True, kw_only=True):
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


class Notice(Fact, frozen=True, kw_only=True):
    """A letter or message about the debt, sent before furnishing (12 CFR 1006.30(a)(1)(ii))."""

    at: datetime
    medium: Literal["mail", "email", "sms"] = "mail"
    undeliverable_at: datetime | None = None
