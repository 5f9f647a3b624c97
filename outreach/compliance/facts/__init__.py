"""The frozen snapshot every rule reads, key for key the vocabulary of a decision case.

Instants are aware and UTC; dates, and wall times "HH:MM", are those at the consumer's location;
money is `Decimal`. None means unknown or none. A field whose comment starts with "ours" is not part of the case
vocabulary: its default is neutral, so a case that knows nothing of it is still complete.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known when a decision is made."""

    message: Message
    jurisdiction: Literal["US", "UK"] = "US"
    action: Literal["send_message", "furnish_to_consumer_reporting_agency", "purge_records"] = "send_message"
    collector: Collector = Collector()  # noqa: RUF009 - frozen, and so may be shared
    consumer: Consumer = Consumer()  # noqa: RUF009
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    opt_outs: tuple[OptOut, ...] = ()
    debts: tuple[Debt, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    last_collection_activity_at: datetime | None = None
    about_debt_notices: tuple[Notice, ...] = ()
