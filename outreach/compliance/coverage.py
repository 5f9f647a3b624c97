"""A fact that no rule reads must not be passed over: silence is the answer until a rule reads it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_type_hints

from msgspec.structs import fields

from outreach.compliance import rules
from outreach.compliance.decision import Finding, deny
from outreach.compliance.facts import Fact, Facts

#: Names and labels: they tell facts apart and decide nothing. Everything else has to be read by a rule or derived view.
DESCRIPTIVE = frozenset({
    "Collector.name", "Consumer.id", "Address.kind", "Phone.e164", "Email.address", "PriorCollector.collector",
    "Representative.name", "Representative.role", "Dispute.id", "HistoryEntry.id", "DisclosureReport.by",
    "Attorney.name", "Debt.id", "Phone.id", "Email.id", "InconvenientTime.source", "BreathingSpace.type",
    "Bankruptcy.chapter",
    "CodebtorCase.chapter", "Bankruptcy.filed_on", "Bankruptcy.discharged_on", "Notice.medium", "Validation.method",
    "Debt.consumer_financial_product", "EmailBasis.notice_form",
})  # fmt: skip
#: Read by the views of `situation`, `location` and `refusals`, on behalf of every rule.
DERIVED = frozenset({
    "Facts.message", "Facts.jurisdiction", "Facts.action", "Facts.collector", "Facts.consumer", "Facts.phones",
    "Facts.emails", "Facts.opt_outs", "Facts.debts", "Facts.history", "Message.at", "Message.channel", "Message.to",
    "Message.kind", "Message.debts", "Message.content", "Message.in_reply_to", "Message.author", "Collector.kind",
    "Collector.creditors_like_collectors", "Collector.reply_minutes", "Consumer.addresses", "Consumer.stated_location",
    "Address.zip", "Address.state", "Address.country", "Address.status", "StatedLocation.tz", "StatedLocation.until",
    "StatedLocation.told_collector_at", "Phone.area_code", "Phone.status", "Phone.owner", "HistoryEntry.at",
    "HistoryEntry.dir", "HistoryEntry.medium", "HistoryEntry.address", "HistoryEntry.kind", "HistoryEntry.text",
    "HistoryEntry.in_reply_to", "HistoryEntry.debts", "Content.acknowledgement", "OptOut.at", "OptOut.scope",
    "OptOut.medium", "OptOut.address", "OptOut.via", "Message.recipient", "Email.status",
})  # fmt: skip


def parts(kind: type = Facts) -> Iterator[type]:
    """`Facts` and every kind of fact reachable from it."""
    yield kind
    for hint in get_type_hints(kind).values():
        for inner in _inside(hint):
            yield from parts(inner)


def _inside(hint: Any) -> Iterator[type]:
    if isinstance(hint, type) and issubclass(hint, Fact):
        yield hint
    for argument in get_args(hint):
        yield from _inside(argument)


@cache
def unread_fields() -> frozenset[str]:
    """Class.field of every fact no rule reads."""
    known = {f"{kind.__name__}.{field.name}" for kind in set(parts()) for field in fields(kind)}
    read = {name for rule in rules.every() for name in rule.reads}
    return frozenset(known - read - DESCRIPTIVE - DERIVED)


def unread(facts: Facts) -> list[Finding]:
    """One denial for each fact that is set and that no rule reads."""
    if not unread_fields():
        return []
    return [
        deny(f"{name} is set and no rule reads it yet.", name).of("CV-10", "house convention") for name in _set(facts)
    ]


def _set(value: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _set(item)
    elif isinstance(value, Fact):
        for field in fields(value):
            inner = getattr(value, field.name)
            name = f"{type(value).__name__}.{field.name}"
            if name in unread_fields() and (field.required or inner != field.default):
                yield name
            yield from _set(inner)
