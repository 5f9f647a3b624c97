"""What facts hold at all, so that rules about the rest need not be asked: most people have no lawyer, hold or dispute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import compress
from operator import attrgetter
from typing import Any

from outreach.compliance.facts import Facts

#: Traits that are one fact of a part being there: where the part stands, and trait by field.
CONSUMER = {
    "attorney": "represented_by_attorney",
    "bankruptcy": "bankruptcy",
    "breathing_space": "breathing_space",
    "cease": "cease",
    "codebtor_case": "codebtor_case",
    "deceased": "deceased",
    "holds": "holds",
    "inconvenient_places": "inconvenient_places",
    "inconvenient_times": "inconvenient_times",
}
CONTENT = {"asks": "asks", "limited_content": "limited_content", "mentions": "mentions", "threat": "legal_threat"}
DEBT = {
    "disputes": "disputes",
    "identity_theft": "identity_theft_notified_at",
    "original_creditor_requests": "original_creditor_requests",
}
LEDGER = {"history": "history", "opt_outs": "opt_outs"}
#: The others.
BESIDES = ("heard", "owner", "reassigned_check", "reported", "stands_for_another")
#: Each trait a rule may name in `needs`.
TRAITS = frozenset({*CONSUMER, *CONTENT, *DEBT, *LEDGER, *BESIDES})


def _of(part: dict[str, str]) -> Callable[[Any], Iterator[str]]:
    """The traits a part has. Picked and sifted by the interpreter, for every decision asks it."""
    names, pick = tuple(part), attrgetter(*part.values())
    return lambda value: compress(names, pick(value))


_consumer, _content, _debt, _ledger = map(_of, (CONSUMER, CONTENT, DEBT, LEDGER))


def present(facts: Facts) -> frozenset[str]:
    """The traits these facts have."""
    message = facts.message
    found = [*_consumer(facts.consumer), *_content(message.content), *_ledger(facts)]
    for debt in facts.debts:
        found += _debt(debt)
    for phone in facts.phones:
        if phone.owner:
            found.append("owner")
        if phone.third_party_disclosure_reported:
            found.append("reported")
        if phone.sms_basis and phone.sms_basis.reassigned_check:
            found.append("reassigned_check")
    if facts.history and any([entry.text and entry.dir == "in" for entry in facts.history]):
        found.append("heard")
    if message.recipient.role != "consumer":
        found.append("stands_for_another")
    if message.kind == "cease_exception_specified_remedy":
        found.append("threat")
    return frozenset(found)
