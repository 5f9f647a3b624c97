"""What was said and tried up to the instant, and what the message answers."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from outreach.compliance import optout
from outreach.compliance.facts import HistoryEntry
from outreach.compliance.lazy import lazy
from outreach.compliance.views.subject import Subject

#: Out-going entries that answered somebody.
ANSWERS = frozenset({"reply"})
#: Kinds that convey information about a debt (12 CFR 1006.2(d)); a call nobody answers is an attempt only.
INFORM = frozenset({"campaign", "reply", "conversation"})
SECONDS_A_MINUTE = 60
#: Words by which a person does not begin to use an address with us.
MUTE = frozenset({"opt_out", "cease_communication", "wrong_number", "minor"})
NOTHING: frozenset[str] = frozenset()
#: What the views are where nobody said anything, and where the message answers nobody: most situations.
UNHEARD: dict[str, Any] = {"said_in_all": [], "heard": [], "labels": NOTHING, "wrote_at": None, "wanted_again_at": None}
UNPROMPTED = {"answers": None, "prompt": False, "acknowledges": False}
_when = attrgetter("at")


class Said(NamedTuple):
    """An inbound entry and what the safety reader found in its words."""

    entry: HistoryEntry
    reading: optout.Reading


class Record(Subject):
    """The history, the words in it, and which of them the message is the one reply to."""

    @lazy
    def past(self) -> list[HistoryEntry]:
        """What was said or tried up to this instant, in order."""
        return sorted([entry for entry in self.facts.history if entry.at <= self.at], key=_when)

    @lazy
    def informed(self) -> list[HistoryEntry]:
        """What conveyed information about a debt and may have arrived: all of ours, and talks whoever rang."""
        return [e for e in self.past if e.informs and e.kind in INFORM and (e.dir == "out" or e.kind == "conversation")]

    @lazy
    def said_in_all(self) -> list[Said]:
        """Everything on record that the consumer wrote or said, read by the safety reader."""
        spoken = sorted((e for e in self.facts.history if e.dir == "in" and e.text), key=_when)
        return [Said(e, optout.reading(e.text, medium=e.medium)) for e in spoken]

    @lazy
    def heard(self) -> list[Said]:
        """What the consumer wrote or said up to now."""
        return [said for said in self.said_in_all if said.entry.at <= self.at]

    @lazy
    def labels(self) -> frozenset[str]:
        """All that the safety reader found, whoever it concerns."""
        return NOTHING.union(*(reading.labels for _, reading in self.heard))

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
        if self.kind != "reply":
            return None
        inbound = self.inbound
        if inbound is None or inbound.medium != self.channel or not self.is_here(inbound.address):
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
