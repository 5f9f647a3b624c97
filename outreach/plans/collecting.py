"""A whole payments file through `following.apply_payment`: each row its own transaction, so that a bad one spoils no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from outreach.context import Context
from outreach.errors import OutreachError
from outreach.payments import importing
from outreach.payments import queries as payments
from outreach.plans import following


@dataclass(kw_only=True)
class Report:
    """What a file did."""

    rows: int = 0
    recorded: int = 0
    reversed: int = 0
    #: on file already under the same reference
    known: int = 0
    refused: int = 0
    paid_in_full: int = 0
    plans_completed: int = 0
    cents: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "reasons": dict(self.reasons)}


async def import_file(
    context: Context, *, path: Path, actor: str, refused: Callable[[importing.Refusal], None]
) -> Report:
    """Take every good row; `refused` is told each bad one. The same file twice changes nothing."""
    report = Report()
    for line in importing.read(path):
        report.rows += 1
        found = line if isinstance(line, importing.Refusal) else await _take(context, line, path, actor, report)
        if found is not None:
            report.refused += 1
            report.reasons[found.reason] += 1
            refused(found)
    return report


async def _take(
    context: Context, line: importing.Line, path: Path, actor: str, report: Report
) -> importing.Refusal | None:
    try:
        async with context.session() as session:
            account_id = await payments.account_by_ref(session, creditor=line.creditor, ref=line.account_ref)
            if account_id is None:
                return importing.Refusal(line.row, "account_ref", "this creditor has no such account")
            done = await following.apply_payment(
                session,
                now=context.now(),
                account_id=account_id,
                amount_cents=line.amount_cents,
                paid_at=line.paid_at,
                reference=line.reference,
                actor=actor,
                source=f"file {path.name}",
                settings=context.settings,
            )
    except OutreachError as error:
        return importing.Refusal(line.row, "amount", error.message)
    if not done.payment.created:
        report.known += 1
        return None
    report.recorded += line.amount_cents > 0
    report.reversed += line.amount_cents < 0
    report.cents += line.amount_cents
    report.paid_in_full += done.payment.paid_in_full
    report.plans_completed += done.plan_status == "completed"
    return None
