"""The agreement as a document: its words from `templates/agreements/`, its hash on both copies (S33)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.messages import phrases
from outreach.money.installments import Installment
from outreach.settings import Settings

_FOLDER = Path(__file__).parents[2] / "templates" / "agreements"


@cache
def _words() -> ImmutableSandboxedEnvironment:
    # Plain text: nothing to escape, and the bytes are hashed as they stand.
    words = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(_FOLDER), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    words.filters.update(day=phrases.day, money=phrases.money)
    return words


async def text(
    session: AsyncSession,
    *,
    account: Mapping[str, Any],
    parts: Sequence[Installment],
    today: date,
    settings: Settings,
) -> str:
    """The words both sides keep, in the debtor's language. The schedule in it sums to the total in it."""
    known = await db.one(
        session,
        "select d.first_name || ' ' || d.last_name as name, d.language, k.name as creditor,"
        " k.relationship = 'first_party' as own"
        " from account a join debtor d on d.id = a.debtor_id join creditor k on k.id = a.creditor_id where a.id = :id",
        id=account["id"],
    )
    assert known is not None  # the caller holds the account's lock
    language = known["language"] if known["language"] in phrases.INITIAL else "en"
    return (
        _words()
        .get_template(f"plan.{language}.txt")
        .render(
            **known,
            company=settings.company_name,
            address=settings.company_address,
            phone=settings.company_phone,
            reference=account["ref"][-4:],
            total=sum(part.amount_cents for part in parts),
            today=today,
            parts=parts,
        )
    )


def fingerprint(words: str) -> str:
    """SHA-256 of the text, hexadecimal: anyone can recompute it from their copy."""
    return hashlib.sha256(words.encode()).hexdigest()
