"""The frozen snapshot every rule reads, key for key the vocabulary of a decision case.

Instants are aware and UTC; dates, and wall times "HH:MM", are those at the consumer's location;
money is `Decimal`. None means unknown or none. A field whose comment starts with "ours" is not part of the case
vocabulary: its default is neutral, so a case that knows nothing of it is still complete.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from outreach.compliance.facts.acts import CallBack, Cap, Collector, Content, HistoryEntry, Message, Notice, Recipient
from outreach.compliance.facts.addresses import (
    DisclosureReport,
    Email,
    EmailBasis,
    OptOut,
    Phone,
    PriorCollector,
    ReassignedCheck,
    SmsBasis,
)
from outreach.compliance.facts.base import Fact
from outreach.compliance.facts.debts import (
    Debt,
    Dispute,
    Duplicative,
    OriginalCreditorRequest,
    Validation,
    Verification,
)
from outreach.compliance.facts.persons import (
    Address,
    Attorney,
    Bankruptcy,
    BreathingSpace,
    Cease,
    CodebtorCase,
    Consumer,
    ConvenientTime,
    Death,
    DistrictOfColumbia,
    Hold,
    InconvenientTime,
    NewYorkCity,
    Representative,
    StatedLocation,
)

__all__ = [
    "Address",
    "Attorney",
    "Bankruptcy",
    "BreathingSpace",
    "CallBack",
    "Cap",
    "Cease",
    "CodebtorCase",
    "Collector",
    "Consumer",
    "Content",
    "ConvenientTime",
    "Death",
    "Debt",
    "DisclosureReport",
    "Dispute",
    "DistrictOfColumbia",
    "Duplicative",
    "Email",
    "EmailBasis",
    "Fact",
    "Facts",
    "HistoryEntry",
    "Hold",
    "InconvenientTime",
    "Message",
    "NewYorkCity",
    "Notice",
    "OptOut",
    "OriginalCreditorRequest",
    "Phone",
    "PriorCollector",
    "ReassignedCheck",
    "Recipient",
    "Representative",
    "SmsBasis",
    "StatedLocation",
    "Validation",
    "Verification",
]


class Facts(Fact, frozen=True, kw_only=True):
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
