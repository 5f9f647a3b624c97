"""Placements: rows of debts, the columns of the placement file."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response, Security
from pydantic import BaseModel, Field, WithJsonSchema

from outreach.accounts.intake import rows as intake
from outreach.accounts.intake.columns import COLUMNS
from outreach.partners import placing
from outreach.partners.keys import Caller
from outreach.web import deps
from outreach.web.api import fields, problems
from outreach.web.api.idempotency import KeyDep, Route, SessionDep
from outreach.web.api.keys import allowed

router = APIRouter(route_class=Route, tags=["placements"])

_CELL = {"type": ["string", "number", "boolean", "null"]}
Row = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "title": "PlacementRow",
            "description": "One debt. Columns, formats and checks are those of the placement file.",
            "properties": {name: _CELL for name in COLUMNS},
            "required": [c.name for c in COLUMNS.values() if c.required and c.name != "creditor"],
        }
    ),
]


class Placing(fields.Body):
    rows: list[Row] = Field(min_length=1, max_length=intake.MOST)
    dry_run: bool = Field(False, description="check everything, write nothing")


class RefusedRow(BaseModel):
    row: int = Field(description="its place in the list, from 1")
    column: str = Field(description="empty where the whole row is at fault")
    reason: str
    value: str


class Placed(BaseModel):
    """Every good row is taken; a row with a fault is left out whole."""

    rows: int
    new: int
    changed: int
    unchanged: int
    refused: int
    refusals: list[RefusedRow]


@router.post(
    "/placements",
    status_code=201,
    response_model=Placed,
    responses=problems.documented(400, 409, 413, known=Placed),
    operation_id="place",
)
async def place(
    request: Request,
    response: Response,
    context: deps.ContextDep,
    session: SessionDep,
    caller: Annotated[Caller, Security(allowed, scopes=["placements:write"])],
    _: KeyDep,
    body: Placing,
) -> Placed:
    """Place up to 10,000 accounts. Placing the same again changes nothing; every refused row is named with its reason.

    201: something was taken. 200: nothing was.
    """
    digest = hashlib.sha256(await request.body()).hexdigest()
    report, refusals = await placing.take(
        session, now=context.now(), caller=caller, rows=body.rows, digest=digest, dry_run=body.dry_run
    )
    if not report.taken or body.dry_run:
        response.status_code = 200
    return Placed(
        rows=report.rows,
        new=report.new,
        changed=report.changed,
        unchanged=report.unchanged,
        refused=report.refused,
        refusals=[RefusedRow(**refusal._asdict()) for refusal in refusals],
    )
