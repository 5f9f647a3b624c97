"""Which media and addresses a person asked us not to use, from the ledger and from their own words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from outreach.compliance import law
from outreach.compliance.facts import HistoryEntry, OptOut
from outreach.compliance.situation import Situation
from outreach.compliance.views.record import Said

EVERY_MEDIUM = frozenset({"sms", "email", "voice", "mail"})
ALL_ELECTRONIC = frozenset({"sms", "email", "social_public"})
REACHES_ALL_NUMBERS = law.parameter("federal", "revocation_reaches_all_numbers")


class Refusal(NamedTuple):
    """Until lifted, `media` are closed; at one address, or (None) at every one."""

    at: datetime
    media: frozenset[str]
    address: str | None
    rule: str  #: the rule that makes it a refusal
    source: str  #: where it stands: opt_outs, or the id of a history entry
    by_provider: bool = False

    @property
    def fact(self) -> str:
        """The fact a finding about it rests on."""
        return self.source if self.source in ("opt_outs", "consumer.cease") else "history.text"


def standing(situation: Situation) -> list[Refusal]:
    """Refusals that close this message's medium or address at this instant."""
    return [each for each in _all(situation) if _covers(each, situation) and not _lifted(each, situation)]


def _all(situation: Situation) -> Iterator[Refusal]:
    for opt_out in situation.facts.opt_outs:
        if opt_out.at is None or opt_out.at <= situation.at:
            yield _recorded(opt_out, situation)
    for said in situation.heard:
        yield from _spoken(said, situation)
    accepted = situation.facts.collector.accepts_inbound
    for cease in situation.consumer.cease:
        received = cease.received_at or situation.at
        if received <= situation.at and cease.via not in ("mail", *accepted):
            yield Refusal(received, frozenset({cease.via}), None, "OPT-02", "consumer.cease")


def _recorded(opt_out: OptOut, situation: Situation) -> Refusal:
    """A refusal of unknown date is in force and nothing later lifts it."""
    named = frozenset({opt_out.medium}) if opt_out.medium else EVERY_MEDIUM
    media = ALL_ELECTRONIC if opt_out.scope == "all_electronic" else named
    address = opt_out.address if opt_out.scope == "address" else None
    provider = opt_out.via == "provider_error_21610"
    return Refusal(
        opt_out.at or situation.at, media, address, "PROV-02" if provider else "OPT-02", "opt_outs", provider
    )


def _spoken(said: Said, situation: Situation) -> Iterator[Refusal]:
    entry, reading = said
    if reading.closes:
        yield Refusal(entry.at, reading.closes, None, "OPT-02", entry.id)
    elif "opt_out" in reading.labels or (reading.of_contact and not _in_writing(entry, situation)):
        wide = entry.medium == "sms" and REACHES_ALL_NUMBERS.on(situation.today)
        address = None if wide or entry.medium == "voice" else entry.address
        yield Refusal(entry.at, frozenset({entry.medium}), address, "TCPA-05" if wide else "OPT-02", entry.id)


def _in_writing(entry: HistoryEntry, situation: Situation) -> bool:
    """Whether words count as written notice; if not, they still refuse the medium they came through."""
    accepted = ("mail", *situation.facts.collector.accepts_inbound)
    return entry.medium != "voice" and entry.medium in accepted


def _covers(refusal: Refusal, situation: Situation) -> bool:
    return situation.channel in refusal.media and situation.is_here(refusal.address)


def _lifted(refusal: Refusal, situation: Situation) -> bool:
    """The person wanted messages at this address again, in words or by a later consent given to us."""
    again = situation.wanted_again_at
    if again is not None and again > refusal.at:
        return True
    basis = situation.basis
    if refusal.by_provider or basis is None or basis.type != "direct_consent" or basis.at is None:
        return False
    return refusal.at < basis.at <= situation.at
