"""Debts, and what was disputed or asked about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from outreach.compliance import facts as law
from outreach.messages.known import ids

#: 12 CFR 1006.2(f): a consumer financial product or service
_FINANCIAL = frozenset(
    ["credit_card", "personal_loan", "auto_loan", "student_loan", "mortgage", "payday_loan", "bnpl", "overdraft"]
)


def debt(a: Mapping[str, Any], disputes: Sequence[Mapping[str, Any]], at: datetime) -> law.Debt:
    mine = [x for x in disputes if x["account"] == a["id"]]
    validation = None
    if a["validation_at"]:
        undeliverable = a["validation_undeliverable_at"]
        validation = law.Validation(
            provided_at=ids.instant(a["validation_at"]),
            method=a["validation_method"] or "mail",
            undeliverable_at=ids.instant(undeliverable) if undeliverable else None,
            period_end=date.fromisoformat(a["validation_end"]) if a["validation_end"] else None,
        )
    return law.Debt(
        id=f"D{a['id']}",
        type=a["type"],
        consumer_financial_product=a["type"] in _FINANCIAL,
        balance=Decimal(a["balance"]) / 100,
        status="closed" if a["status"] == "recalled" else a["status"],
        time_barred=date.fromisoformat(a["limitation"]) <= at.date() if a["limitation"] else None,
        initial_communication_at=ids.instant(a["initial_at"]) if a["initial_at"] else None,
        validation=validation,
        disputes=tuple(_dispute(x) for x in mine if x["kind"] in {"dispute", "validation"} and x["status"] != "upheld"),
        original_creditor_requests=tuple(
            law.OriginalCreditorRequest(
                received_at=ids.instant(x["received_at"]),
                answered_at=ids.instant(x["answered_at"]) if x["answered_at"] else None,
            )
            for x in mine
            if x["kind"] == "original_creditor"
        ),
    )


def _dispute(x: Mapping[str, Any]) -> law.Dispute:
    verification = None
    if x["answered_at"]:
        undeliverable = x["undeliverable_at"]
        verification = law.Verification(
            sent_at=ids.instant(x["answered_at"]),
            method=x["method"] or "mail",
            esign_consent=x["esign"],
            undeliverable_at=ids.instant(undeliverable) if undeliverable else None,
        )
    return law.Dispute(
        id=f"X{x['id']}",
        received_at=ids.instant(x["received_at"]),
        via=x["via"] if x["via"] in {"email", "portal", "mail", "sms", "voice"} else "portal",
        scope=x["scope"],
        amount=Decimal(x["amount"]) / 100 if x["amount"] is not None else None,
        verification=verification,
    )
