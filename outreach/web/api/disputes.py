"""Disputes the creditor has proof for."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Security
from pydantic import AfterValidator, Base64Bytes, BaseModel, Field, StringConstraints

from outreach.disputes import answers, proofs
from outreach.partners import queries
from outreach.partners.keys import Caller
from outreach.web import deps
from outreach.web.api import fields, problems
from outreach.web.api.idempotency import KeyDep, Route, SessionDep
from outreach.web.api.keys import allowed
from outreach.web.portal import letters

router = APIRouter(route_class=Route, tags=["disputes"])


def _fits(content: bytes) -> bytes:
    if not 0 < len(content) <= letters.LARGEST:
        raise ValueError("a file has at least one byte and at most 5 MB")
    return content


def _known(name: str) -> str:
    if "/" in name or "\\" in name or PurePath(name).suffix.lower() not in letters.TYPES:
        raise ValueError(f"a file name without folders, ending in {', '.join(sorted(letters.TYPES))}")
    return name


class Upload(fields.Body):
    name: Annotated[fields.Line, AfterValidator(_known)]
    content_type: Annotated[str, Field(pattern=r"^[\w.+-]{1,60}/[\w.+-]{1,60}$")] = "application/octet-stream"
    content_base64: Annotated[Base64Bytes, AfterValidator(_fits)]


class Proof(fields.Body):
    words: Annotated[fields.Words, StringConstraints(min_length=1)]
    file: Upload | None = None


class Received(BaseModel):
    id: int
    dispute: int
    sha256: str = Field(description="of the file as it arrived; empty without one")


@router.post(
    "/disputes/{dispute}/proof",
    status_code=201,
    response_model=Received,
    responses=problems.documented(400, 404, 409, 413),
    operation_id="bringProof",
)
async def bring(
    context: deps.ContextDep,
    session: SessionDep,
    caller: Annotated[Caller, Security(allowed, scopes=["disputes:write"])],
    _: KeyDep,
    dispute: fields.Number,
    body: Proof,
) -> Received:
    """Bring what proves the debt. A person here reads it and answers; until that arrived, contact stays stopped."""
    if await queries.dispute_account(session, creditor_id=caller.creditor_id, dispute_id=dispute) is None:
        raise answers.UnknownDisputeError("There is no such dispute. Read the account to see its disputes.")
    given, file = body.file, None
    if given:
        file = proofs.File(name=given.name, content_type=given.content_type, content=given.content_base64)
    kept = await proofs.bring(
        session, now=context.now(), dispute_id=dispute, words=body.words, actor=caller.actor, file=file
    )
    return Received(id=kept.id, dispute=dispute, sha256=kept.sha256)
