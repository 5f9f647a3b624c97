"""Payment: money received and how it was applied. Reversals are payments with a negative amount."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from outreach import db


class Payment(db.Row, table=True):
    __table_args__ = (
        sa.UniqueConstraint("creditor_id", "reference"),
        sa.CheckConstraint("amount_cents <> 0", name="amount"),
    )

    creditor_id: int = db.key("creditor.id")
    account_id: int = db.key("account.id", index=True)
    debtor_id: int = db.key("debtor.id", index=True)
    amount_cents: int = db.cents()
    paid_at: datetime = db.moment()
    #: the creditor's own reference: the same one twice is one payment
    reference: str
    method: str = ""
    source: str = ""
    #: {"fees": 0, "interest": 120, "principal": 4880}
    applied: dict[str, Any] = db.json()
    recorded_at: datetime = db.moment()
