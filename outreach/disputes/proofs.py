"""What the creditor brings forward about a dispute: kept with it, for the person who answers. It ends no freeze by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.cases import service as cases
from outreach.disputes import answers
from outreach.disputes.models import DisputeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """`sha256` of the file; empty without one."""

    id: int
    case_id: int
    sha256: str


async def bring(
    session: AsyncSession, *, now: datetime, dispute_id: int, words: str, actor: str, file: File | None = None
) -> Kept:
    """Keep it and tell whoever works on the dispute: it joins their case.

    Raises DisputeSettledError for one that was answered or upheld, UnknownDisputeError.
    """
    dispute = await answers.pending(session, dispute_id)
    columns = {
        "dispute_id": dispute_id,
        "at": now,
        "actor": actor,
        "words": words,
        "name": file.name if file else "",
        "content_type": file.content_type if file else "",
        "sha256": hashlib.sha256(file.content).hexdigest() if file else "",
        "content": file.content if file else None,
    }
    marks = ", ".join(f":{name}" for name in columns)
    proof = await session.scalar(
        sa.text(f"insert into dispute_proof ({', '.join(columns)}) values ({marks}) returning id"), columns
    )
    opened = await cases.open(
        session,
        now=now,
        debtor_id=dispute["debtor_id"],
        account_id=dispute["account_id"],
        reason="dispute" if dispute["kind"] == DisputeKind.DISPUTE else "validation_request",
        actor=actor,
        note=words,
        summary={"dispute_id": dispute_id, "proof_id": proof},
    )
    await audit.record(
        session,
        now=now,
        actor=actor,
        action="dispute.proof",
        debtor_id=dispute["debtor_id"],
        subject=f"dispute:{dispute_id}",
        proof=proof,
        sha256=columns["sha256"],
    )
    return Kept(id=int(proof or 0), case_id=opened.id, sha256=str(columns["sha256"]))


async def of(session: AsyncSession, *, dispute_ids: Sequence[int]) -> Sequence[Mapping[str, Any]]:
    """All of them, oldest first, without their content."""
    return await db.rows(
        session,
        "select id, dispute_id, at, words, name, content_type, sha256, length(content) as size from dispute_proof"
        " where dispute_id = any(:ids) order by id",
        ids=list(dispute_ids),
    )


async def file(session: AsyncSession, *, proof_id: int) -> Mapping[str, Any] | None:
    """Name, content and `debtor_id` of a proof that has a file."""
    return await db.one(
        session,
        "select p.name, p.content, d.debtor_id from dispute_proof p join dispute d on d.id = p.dispute_id"
        " where p.id = :id and p.content is not null",
        id=proof_id,
    )
