"""One decision's point of view: the facts, the instant, and what several rules derive from them, each computed once."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from outreach.compliance import days, hours, location, optout, traits
from outreach.compliance.facts import Debt, Email, EmailBasis, Facts, HistoryEntry, Phone, SmsBasis
from outreach.compliance.lazy import lazy
from outreach.compliance.reading import FactsError

#: Kinds the law itself asks for, or that carry out what the consumer asked.
REQUIRED_KINDS = frozenset({"validation_notice", "verification", "duplicative_dispute_notice"})
#: Views that are the same at any instant.
TIMELESS = (
    "traits",
    "debts",
    "phone",
    "email",
    "endpoint",
    "basis",
    "evidence",
    "states",
    "in_new_york_city",
    "informs",
    "said_in_all",
)
#: Views that only change when something on record happens in between.
UNTIL_THE_NEXT_ENTRY = ("past", "heard", "labels", "inbound", "wrote_at", "wanted_again_at", "answers", "acknowledges")
#: Out-going entries that answered somebody.
ANSWERS = frozenset({"reply"})
SECONDS_A_MINUTE = 60
#: Words by which a person does not begin to use an address with us.
MUTE = frozenset({"opt_out", "cease_communication", "wrong_number", "minor"})


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def _when(entry: HistoryEntry) -> datetime:
    return entry.at


class Said(NamedTuple):
    """An inbound entry and what the safety reader found in its words."""

    entry: HistoryEntry
    reading: optout.Reading


class Situation:
    """Lazy views over `facts` at `at`. Raises `FactsError` where the facts name something they do not hold."""

    def __init__(self, facts: Facts, at: datetime) -> None:
        self.facts = facts
        self.at = at
        self.message = facts.message
        self.content = facts.message.content
        self.kind = facts.message.kind
        self.channel = facts.message.channel
        self.consumer = facts.consumer
        self.debt_ids = facts.message.debts
        #: whether federal debt-collection law binds this collector (SCOPE-01)
        self.bound = facts.collector.kind != "first_party"
        #: whether the house treats a creditor's own debtors as well as a collector must: hours, basis, stop, dispute
        self.courteous = facts.collector.creditors_like_collectors

    def moved(self, at: datetime) -> Situation:
        """The same facts at another instant."""
        other = Situation(self.facts, at)
        known = self.__dict__
        kept = TIMELESS if len(self.past) < len(self.facts.history) else (*TIMELESS, *UNTIL_THE_NEXT_ENTRY)
        other.__dict__.update({name: known[name] for name in kept if name in known})
        return other

    @lazy
    def traits(self) -> frozenset[str]:
        return traits.present(self.facts)

    @lazy
    def debts(self) -> list[Debt]:
        """The debts the message is about."""
        known = {debt.id: debt for debt in self.facts.debts}
        if unknown := [name for name in self.debt_ids if name not in known]:
            raise FactsError(f"message.debts: {unknown[0]} is not among debts")
        return [known[name] for name in self.debt_ids]

    @lazy
    def phone(self) -> Phone | None:
        return next((phone for phone in self.facts.phones if phone.id == self.message.to), None)

    @lazy
    def email(self) -> Email | None:
        return next((email for email in self.facts.emails if email.id == self.message.to), None)

    @lazy
    def endpoint(self) -> frozenset[str]:
        """Every id under which the number or mailbox the message goes to stands in the facts (OPT-02: by endpoint)."""
        found = {self.message.to} if self.message.to else set()
        if phone := self.phone:
            number = _digits(phone.e164)
            found |= {other.id for other in self.facts.phones if number and _digits(other.e164) == number}
        if email := self.email:
            mailbox = email.address.strip().casefold()
            found |= {e.id for e in self.facts.emails if mailbox and e.address.strip().casefold() == mailbox}
        return frozenset(found)

    def is_here(self, address: str | None) -> bool:
        """Whether an entry's address is where the message goes; one that names none may be."""
        return address is None or address in self.endpoint

    @lazy
    def basis(self) -> SmsBasis | EmailBasis | None:
        """What allows texts or emails to the address, as recorded."""
        if self.channel == "sms":
            return self.phone.sms_basis if self.phone else None
        return self.email.email_basis if self.channel == "email" and self.email else None

    @lazy
    def evidence(self) -> location.Evidence:
        return location.evidence(self.facts)

    @lazy
    def zones(self) -> frozenset[str]:
        """Every zone the consumer may be in at this instant."""
        place = location.stated(self.facts, self.at)
        return self.evidence.zones if place is None else frozenset({place.tz})

    @lazy
    def calendar(self) -> frozenset[str]:
        """Zones for calendar days; UTC where no place is known and no clock rule has to fail for it."""
        return self.zones or frozenset({"UTC"})

    @lazy
    def elsewhere_from(self) -> datetime:
        """When a stated location gives way to the other evidence: after its last day."""
        place = location.stated(self.facts, self.at)
        if place is None or place.until is None:
            return hours.ALWAYS[1]
        return days.instant(place.until, 1440, place.tz, late=True)

    def zones_at(self, later: datetime) -> frozenset[str]:
        """Which zones count at an instant not before this one."""
        return self.zones if later < self.elsewhere_from else self.evidence.zones

    @lazy
    def dates(self) -> list[days.LocalDate]:
        """Today's date in each zone of the calendar."""
        return days.dates(self.at, self.calendar)

    @lazy
    def today(self) -> date:
        """The earliest date it may be where the consumer is."""
        return min([day for _, day in self.dates])

    @lazy
    def states(self) -> frozenset[str]:
        return location.states(self.consumer.addresses)

    @lazy
    def in_new_york_city(self) -> bool:
        return location.in_new_york_city(self.consumer.addresses)

    @lazy
    def past(self) -> list[HistoryEntry]:
        """What was said or tried up to this instant, in order."""
        if not self.facts.history:
            return []
        return sorted([entry for entry in self.facts.history if entry.at <= self.at], key=_when)

    @lazy
    def said_in_all(self) -> list[Said]:
        """Everything on record that the consumer wrote or said, read by the safety reader."""
        if "heard" not in self.traits:
            return []
        spoken = sorted((e for e in self.facts.history if e.dir == "in" and e.text), key=_when)
        return [Said(e, optout.reading(e.text, medium=e.medium)) for e in spoken]

    @lazy
    def heard(self) -> list[Said]:
        """What the consumer wrote or said up to now."""
        return [said for said in self.said_in_all if said.entry.at <= self.at]

    @lazy
    def labels(self) -> frozenset[str]:
        """All that the safety reader found, whoever it concerns."""
        return frozenset().union(*(reading.labels for _, reading in self.heard)) if self.heard else frozenset()

    def said(self, label: str, *, written: bool = False, here: bool = False) -> list[HistoryEntry]:
        """Inbound entries about these debts with a label; `written`: on a medium where we accept writing;
        `here`: from where the message goes, whatever they were about."""
        if label not in self.labels:
            return []
        accepted = ("mail", *self.facts.collector.accepts_inbound)
        return [
            entry
            for entry, reading in self.heard
            if label in reading.labels
            and (here or self.concerns(entry.debts))
            and (not written or (entry.medium in accepted and entry.medium != "voice"))
            and (not here or self.is_here(entry.address))
        ]

    @lazy
    def inbound(self) -> HistoryEntry | None:
        """The consumer's message this one says it replies to."""
        wanted = self.message.in_reply_to
        return next((e for e in self.past if e.id == wanted and e.dir == "in"), None) if wanted else None

    @lazy
    def wrote_at(self) -> datetime | None:
        """When the consumer last wrote to us from the address this message goes to, other than to refuse or deny."""
        times = [
            entry.at
            for entry, reading in self.heard
            if entry.kind == "consumer_message"
            and entry.medium == self.channel
            and entry.address in self.endpoint
            and not MUTE & reading.labels
        ]
        return times[-1] if times else None

    @lazy
    def wanted_again_at(self) -> datetime | None:
        """When the consumer last asked, in words, for messages at this address again."""
        times = [
            e.at for e, r in self.heard if "opt_in" in r.labels and e.medium == self.channel and self.is_here(e.address)
        ]
        return times[-1] if times else None

    @lazy
    def answers(self) -> HistoryEntry | None:
        """The consumer's message this is the one reply to: same medium, same address, not answered before (CV-04)."""
        inbound = self.inbound
        if self.kind != "reply" or inbound is None or inbound.medium != self.channel:
            return None
        if not self.is_here(inbound.address):
            return None
        answered = any(e.dir == "out" and e.in_reply_to == inbound.id for e in self.past)
        return None if answered else inbound

    @lazy
    def prompt(self) -> bool:
        """Whether it is the one reply, and soon enough to be one at any hour."""
        if self.answers is None:
            return False
        limit = self.facts.collector.reply_minutes
        age = (self.at - self.answers.at).total_seconds()
        return limit is None or self.message.author == "person" or age <= limit * SECONDS_A_MINUTE

    @lazy
    def acknowledges(self) -> bool:
        """Whether it is the one reply and only acknowledges what was heard."""
        return self.answers is not None and self.content.acknowledgement

    @lazy
    def informs(self) -> bool:
        """Whether the message conveys information about a debt (1006.2(d)) and so needs the 18(e) statement."""
        content = self.content
        if self.kind == "voicemail" and content.limited_content:
            return bool(content.conveys_debt_information or content.mentions)
        return content.conveys_debt_information is not False

    @lazy
    def demands(self) -> bool:
        """Whether the message asks for money: every unprompted one about a debt does, a reply only when it says so."""
        if self.kind == "reply":
            return self.content.amount_demanded is not None or self.content.extra == "payment_link"
        return self.kind in {"campaign", "consent_request", "voicemail", "cease_exception_specified_remedy"}

    def concerns(self, debts: tuple[str, ...]) -> bool:
        """Whether a record about these debts concerns the message; a record that names none concerns all."""
        return not debts or any(name in self.debt_ids for name in debts)
