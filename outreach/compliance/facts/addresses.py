"""Numbers and mailboxes, the basis on which each may be used, and refusals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from outreach.compliance.facts.base import Fact

Route = Literal["i", "ii"]


class ReassignedCheck(Fact, frozen=True, kw_only=True):
    """An answer of the reassigned-numbers database: was the number given to someone else since `as_of`?"""

    at: datetime | None = None
    result: Literal["not_reassigned", "reassigned", "no_data"] | None = None
    as_of: datetime | date | None = None


class SmsBasis(Fact, frozen=True, kw_only=True):
    type: Literal[
        "direct_consent", "consumer_text", "consumer_call", "creditor_consent", "prior_collector_consent", "none"
    ]
    at: datetime | None = None  #: latest consent, or latest text from the consumer
    reassigned_check: ReassignedCheck | None = None


class DisclosureReport(Fact, frozen=True, kw_only=True):
    """Somebody said that messages to this number reach another person."""

    at: datetime | None = None  #: not known: said by now
    by: str = ""


class Phone(Fact, frozen=True, kw_only=True):
    id: str
    e164: str = ""
    area_code: str | None = None
    line: Literal["mobile", "landline"] | None = None
    status: Literal["current", "former", "wrong_party", "third_party"] = "current"
    owner: str | None = None
    sms_basis: SmsBasis | None = None
    third_party_disclosure_reported: DisclosureReport | None = None


class PriorCollector(Fact, frozen=True, kw_only=True):
    collector: str
    obtained_via: Route | None = None
    used_email: bool = False
    opted_out: bool = False


class EmailBasis(Fact, frozen=True, kw_only=True):
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


class Email(Fact, frozen=True, kw_only=True):
    id: str
    address: str = ""
    domain_public: bool | None = None
    employer_provided: bool | None = None
    status: Literal["current", "former", "wrong_party", "third_party"] = (
        "current"  #: the case vocabulary has only current
    )
    email_basis: EmailBasis | None = None


class OptOut(Fact, frozen=True, kw_only=True):
    at: datetime | None = None  #: not known: in force
    scope: Literal["address", "medium", "all_electronic"] | None = None  #: not known: the widest the rest allows
    medium: Literal["sms", "email", "voice", "mail"] | None = None
    address: str | None = None
    via: Literal["opt_out_link", "consumer_request", "provider_error_21610"] = "consumer_request"
