"""What every view starts from: the facts and the instant."""

from __future__ import annotations

from datetime import datetime

from outreach.compliance.facts import Facts


class View:
    """Shorthands for the parts of `facts` most rules read. `at` is an aware instant."""

    def __init__(self, facts: Facts, at: datetime) -> None:
        message = facts.message
        self.facts = facts
        self.at = at
        self.message = message
        self.content = message.content
        self.kind = message.kind
        self.channel = message.channel
        self.consumer = facts.consumer
        self.debt_ids = message.debts
        #: whether federal debt-collection law binds this collector (SCOPE-01)
        self.bound = facts.collector.kind != "first_party"
        #: whether the house treats a creditor's own debtors as well as a collector must: hours, basis, stop, dispute
        self.courteous = facts.collector.creditors_like_collectors
