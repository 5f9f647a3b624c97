"""What facts hold at all, so that rules about the rest need not be asked: most people have no lawyer, hold or dispute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from outreach.compliance.facts import Facts

#: Each trait a rule may name in `needs`, and whether facts have it.
TRAITS: dict[str, Callable[[Facts], Any]] = {
    "asks": lambda f: f.message.content.asks,
    "attorney": lambda f: f.consumer.represented_by_attorney,
    "bankruptcy": lambda f: f.consumer.bankruptcy,
    "breathing_space": lambda f: f.consumer.breathing_space,
    "cease": lambda f: f.consumer.cease,
    "codebtor_case": lambda f: f.consumer.codebtor_case,
    "deceased": lambda f: f.consumer.deceased,
    "disputes": lambda f: any(debt.disputes for debt in f.debts),
    "heard": lambda f: any(entry.text and entry.dir == "in" for entry in f.history),
    "history": lambda f: f.history,
    "holds": lambda f: f.consumer.holds,
    "identity_theft": lambda f: any(debt.identity_theft_notified_at for debt in f.debts),
    "inconvenient_places": lambda f: f.consumer.inconvenient_places,
    "inconvenient_times": lambda f: f.consumer.inconvenient_times,
    "limited_content": lambda f: f.message.content.limited_content,
    "opt_outs": lambda f: f.opt_outs,
    "original_creditor_requests": lambda f: any(debt.original_creditor_requests for debt in f.debts),
    "owner": lambda f: any(phone.owner for phone in f.phones),
    "reassigned_check": lambda f: any(phone.sms_basis and phone.sms_basis.reassigned_check for phone in f.phones),
    "stands_for_another": lambda f: f.message.recipient.role != "consumer",
    "threat": lambda f: f.message.content.legal_threat or f.message.kind == "cease_exception_specified_remedy",
}
_PAIRS = tuple(TRAITS.items())


def present(facts: Facts) -> frozenset[str]:
    """The traits these facts have."""
    return frozenset([name for name, has in _PAIRS if has(facts)])
