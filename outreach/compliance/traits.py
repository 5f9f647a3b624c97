"""What facts hold at all, so that rules about the rest need not be asked: most people have no lawyer, hold or dispute."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from outreach.compliance.facts import Facts

#: Each trait a rule may name in `needs`, and whether facts have it.
TRAITS: dict[str, Callable[[Facts], Any]] = {
    "asks": attrgetter("message.content.asks"),
    "attorney": attrgetter("consumer.represented_by_attorney"),
    "bankruptcy": attrgetter("consumer.bankruptcy"),
    "breathing_space": attrgetter("consumer.breathing_space"),
    "cease": attrgetter("consumer.cease"),
    "codebtor_case": attrgetter("consumer.codebtor_case"),
    "deceased": attrgetter("consumer.deceased"),
    "disputes": lambda f: [debt for debt in f.debts if debt.disputes],
    "heard": lambda f: f.history and [e for e in f.history if e.text and e.dir == "in"],
    "history": attrgetter("history"),
    "holds": attrgetter("consumer.holds"),
    "identity_theft": lambda f: [debt for debt in f.debts if debt.identity_theft_notified_at],
    "inconvenient_places": attrgetter("consumer.inconvenient_places"),
    "inconvenient_times": attrgetter("consumer.inconvenient_times"),
    "limited_content": attrgetter("message.content.limited_content"),
    "mentions": attrgetter("message.content.mentions"),
    "opt_outs": attrgetter("opt_outs"),
    "original_creditor_requests": lambda f: [debt for debt in f.debts if debt.original_creditor_requests],
    "owner": lambda f: [phone for phone in f.phones if phone.owner],
    "reassigned_check": lambda f: [p for p in f.phones if p.sms_basis and p.sms_basis.reassigned_check],
    "stands_for_another": lambda f: f.message.recipient.role != "consumer",
    "threat": lambda f: f.message.content.legal_threat or f.message.kind == "cease_exception_specified_remedy",
}
_PAIRS = tuple(TRAITS.items())


def present(facts: Facts) -> frozenset[str]:
    """The traits these facts have."""
    return frozenset([name for name, has in _PAIRS if has(facts)])
