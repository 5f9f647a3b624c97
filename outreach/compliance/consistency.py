"""Facts that cannot all be true, or that name something the facts do not hold: what a reader of cases must not pass over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from outreach.compliance import days, geo, hours
from outreach.compliance.facts import Debt, Facts
from outreach.compliance.reading import FactsError

#: What only the consumer does, and what only we do; a conversation may be begun by either.
KINDS = {
    "in": {"consumer_message", "consumer_call", "conversation"},
    "out": {
        "campaign",
        "reply",
        "call_unanswered",
        "call_not_connected",
        "limited_content_voicemail",
        "conversation",
    },
}
#: Channels whose messages go to something the facts list.
LISTED = {"sms": "phones", "voice": "phones", "email": "emails"}


def mistakes(facts: Facts) -> list[str]:
    """Each as "place: what is wrong; what to do"; empty when the facts hang together."""
    parts = (_ids(facts), _names(facts), _message(facts), _times(facts), _places(facts), _order(facts), _persons(facts))
    return [mistake for part in parts for mistake in part]


def _ids(facts: Facts) -> Iterator[str]:
    """Everything can be told apart."""
    if not facts.debts:
        yield "debts: is empty; name at least the debt the message is about, or leave the key out"
    lists: dict[str, Iterable[Any]] = {"phones": facts.phones, "emails": facts.emails, "debts": facts.debts}
    lists |= {"history": facts.history}
    for n, debt in enumerate(facts.debts):
        lists[f"debts[{n}].disputes"] = [dispute for dispute in debt.disputes if dispute.id]
    for place, items in lists.items():
        for name, count in Counter(item.id for item in items).items():
            if count > 1:
                yield f"{place}: the id {name} stands {count} times; give each its own"


def _names(facts: Facts) -> Iterator[str]:
    """What is named is there."""
    debts = {debt.id for debt in facts.debts}
    points = {phone.id for phone in facts.phones} | {email.id for email in facts.emails}
    heard = {entry.id for entry in facts.history if entry.dir == "in"}
    owed: list[tuple[str, Iterable[str]]] = [("message.debts", facts.message.debts)]
    for n, entry in enumerate(facts.history):
        told = (entry.debts, entry.initiated_about or (), entry.countable_toward or ())
        owed += [(f"history[{n}]", part) for part in told]
        if entry.address is not None and entry.address not in points and entry.medium != "mail":
            yield f"history[{n}].address: {entry.address} is not among phones and emails; list it or correct the id"
        if entry.in_reply_to is not None and entry.in_reply_to not in heard:
            yield f"history[{n}].in_reply_to: {entry.in_reply_to} is no inbound entry of the history; correct the id"
    owed += [(f"consumer.cease[{n}].debts", request.debts) for n, request in enumerate(facts.consumer.cease)]
    if lawyer := facts.consumer.represented_by_attorney:
        owed.append(("consumer.represented_by_attorney.debts", lawyer.debts))
    for place, named in owed:
        for name in named:
            if name not in debts:
                yield f"{place}: {name} is not among debts; list it or correct the id"
    for n, refusal in enumerate(facts.opt_outs):
        if refusal.address is not None and refusal.address not in points and refusal.medium != "mail":
            yield f"opt_outs[{n}].address: {refusal.address} is not among phones and emails; list it or correct the id"
    for n, debt in enumerate(facts.debts):
        yield from _same_as(debt, f"debts[{n}]")


def _same_as(debt: Debt, place: str) -> Iterator[str]:
    known = {dispute.id for dispute in debt.disputes}
    for n, dispute in enumerate(debt.disputes):
        claim = dispute.duplicative
        if claim and (claim.same_as not in known or claim.same_as == dispute.id):
            yield f"{place}.disputes[{n}].duplicative.same_as: {claim.same_as!r} is no other dispute of this debt; correct the id"


def _message(facts: Facts) -> Iterator[str]:
    """The message goes somewhere, and answers something that was said."""
    message = facts.message
    if place := LISTED.get(message.channel):
        listed = {email.id for email in facts.emails} if place == "emails" else {phone.id for phone in facts.phones}
        if message.to not in listed:
            yield f"message.to: {message.to or 'nothing'} is not among {place}; name one of them"
    if message.in_reply_to is not None:
        answered = next((e for e in facts.history if e.id == message.in_reply_to), None)
        if answered is None or answered.dir != "in":
            yield f"message.in_reply_to: {message.in_reply_to} is no inbound entry of the history; correct the id"


def _times(facts: Facts) -> Iterator[str]:
    """Wall times a clock can show; history that has happened."""
    for name in ("inconvenient_times", "convenient_times"):
        for n, item in enumerate(getattr(facts.consumer, name)):
            for key, wall in (("from", item.from_), ("to", item.to)):
                try:
                    hours.minutes(wall)
                except FactsError as error:
                    yield f"consumer.{name}[{n}].{key}: {error}; write 00:00 to 24:00"
    now = facts.message.at
    for n, entry in enumerate(facts.history):
        if entry.at > now:
            yield f"history[{n}].at: lies after message.at; history holds what has happened"
        if entry.kind not in KINDS[entry.dir]:
            yield f"history[{n}].kind: {entry.kind} contradicts dir {entry.dir}; correct one of them"
        if entry.dir == "in" and entry.kind == "consumer_call" and entry.medium != "voice":
            yield f"history[{n}].medium: a call comes by voice, not by {entry.medium}; correct one of them"
    for n, refusal in enumerate(facts.opt_outs):
        if refusal.at is not None and refusal.at > now:
            yield f"opt_outs[{n}].at: lies after message.at; a refusal not yet made is none"


def _places(facts: Facts) -> Iterator[str]:
    """Zones and states there are."""
    if place := facts.consumer.stated_location:
        try:
            days.zone(place.tz)
        except FactsError as error:
            yield f"consumer.stated_location.tz: {error}; write an IANA name such as America/Chicago"
    for n, address in enumerate(facts.consumer.addresses):
        if address.country == "US" and address.state and geo.zones_of_state(address.state) is None:
            yield f"consumer.addresses[{n}].state: {address.state!r} is no state; write its two letters"


def _order(facts: Facts) -> Iterator[str]:
    """What comes back, or ends, was sent, or began, before."""
    pairs: list[tuple[str, datetime | None, datetime | None]] = []
    for n, debt in enumerate(facts.debts):
        if debt.validation:
            pairs.append((f"debts[{n}].validation", debt.validation.provided_at, debt.validation.undeliverable_at))
        for m, dispute in enumerate(debt.disputes):
            if sent := dispute.verification:
                pairs.append((f"debts[{n}].disputes[{m}].verification", sent.sent_at, sent.undeliverable_at))
        for m, asked in enumerate(debt.original_creditor_requests):
            pairs.append((f"debts[{n}].original_creditor_requests[{m}]", asked.received_at, asked.answered_at))
    pairs += [(f"about_debt_notices[{n}]", sent.at, sent.undeliverable_at) for n, sent in enumerate(facts.about_debt_notices)]  # fmt: skip
    for where, first, then in pairs:
        if first is not None and then is not None and then < first:
            yield f"{where}: it came back, or was answered, before it was sent or asked; correct one of the instants"


def _persons(facts: Facts) -> Iterator[str]:
    """What is said of the person's state does not contradict itself."""
    case, space = facts.consumer.bankruptcy, facts.consumer.breathing_space
    if case and case.discharged_on is not None:
        if case.status == "open":
            yield "consumer.bankruptcy: it is open and has a discharged_on; correct one of them"
        if case.filed_on is not None and case.discharged_on < case.filed_on:
            yield "consumer.bankruptcy.discharged_on: lies before filed_on; correct one of them"
    if space and space.starts_on and space.ends_on and space.ends_on < space.starts_on:
        yield "consumer.breathing_space.ends_on: lies before starts_on; correct one of them"
