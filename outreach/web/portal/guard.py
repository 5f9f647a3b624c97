"""The wrong-person guard: date of birth or ZIP code before a word about a debt.

It guards against mistakes; the link is what admits (ASVS 6.4.2). Tries are few, counted per person over all sessions,
and no answer says what was wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.cases import service as cases
from outreach.web import forms, pages, words
from outreach.web.deps import ContextDep, SessionDep
from outreach.web.portal import queries
from outreach.web.portal import session as portal_session

router = APIRouter()

TRIES = 3
#: over all sessions of a person: links may be opened again and again
TRIES_A_DAY = 6


@router.get("/check")
async def ask(request: Request, context: ContextDep, session: SessionDep, visit: portal_session.EnteredDep) -> Response:
    if visit.verified:
        return pages.see("/debts")
    if not await _tries_left(session, visit, context.now()):
        return pages.see("/check/person")
    return pages.render(request, "portal/check.html")


@router.post("/check")
async def answer(
    request: Request,
    context: ContextDep,
    session: SessionDep,
    visit: portal_session.EnteredDep,
    fields: portal_session.FormDep,
) -> Response:
    now = context.now()
    # One answer of a person at a time, so that fifty guesses at once are fifty guesses.
    await db.rows(session, "select 1 from debtor where id = :id for update", id=visit.debtor_id)
    left = await _tries_left(session, visit, now)
    if not left:
        return pages.see("/check/person")
    t = words.speaker(pages.language(request))
    if not fields.get("zip") and not any(fields.get(f"born_{part}") for part in ("month", "day", "year")):
        errors = {"zip": t("check.empty")}
        return pages.render(request, "portal/check.html", status=422, values=fields, errors=errors)
    if _fits(fields, await queries.person(session, debtor_id=visit.debtor_id)):
        return await _admit(context, session, visit, now)
    await _count_failure(session, visit, now, last=left == 1)
    if left == 1:
        return pages.see("/check/person")
    errors = {"zip": t("check.wrong_last" if left == 2 else "check.wrong", left=left - 1)}
    return pages.render(request, "portal/check.html", status=422, values=fields, errors=errors)


@router.get("/check/person")
async def with_a_person(request: Request, visit: portal_session.EnteredDep) -> Response:
    return pages.render(request, "portal/check_person.html")


def _fits(fields: forms.Posted, person: Mapping[str, Any]) -> bool:
    """Everything given must fit, and something must be given. A record without the value fits nothing."""
    given = []
    if fields.get("zip"):
        digits = "".join(c for c in fields["zip"] if c.isdigit())[:5]
        given.append(len(digits) == 5 and digits == (person["zip"] or "")[:5])
    if any(fields.get(f"born_{part}") for part in ("month", "day", "year")):
        born = fields.date("born")
        given.append(born is not None and born == person["date_of_birth"])
    return bool(given) and all(given)


async def _admit(context: ContextDep, session: AsyncSession, visit: portal_session.Visit, now: datetime) -> Response:
    token = await portal_session.verify(session, now=now, visit=visit)
    await audit.record(
        session, now=now, actor=f"debtor:{visit.debtor_id}", action="portal_entered", debtor_id=visit.debtor_id
    )
    response = pages.see("/debts")
    portal_session.set_cookie(response, context, token)
    return response


async def _tries_left(session: AsyncSession, visit: portal_session.Visit, now: datetime) -> int:
    row = await db.one(
        session,
        "select sum(failures) as day, sum(failures) filter (where id = :id) as here from portal_session"
        " where debtor_id = :debtor_id and created_at > :since",
        id=visit.id,
        debtor_id=visit.debtor_id,
        since=now - timedelta(days=1),
    )
    assert row is not None, "an aggregate has a row"
    return max(0, min(TRIES - (row["here"] or 0), TRIES_A_DAY - (row["day"] or 0)))


async def _count_failure(session: AsyncSession, visit: portal_session.Visit, now: datetime, *, last: bool) -> None:
    """Count one wrong answer; with the last one a person takes over."""
    await session.execute(sa.text("update portal_session set failures = failures + 1 where id = :id"), {"id": visit.id})
    if last:
        await cases.open(
            session,
            now=now,
            debtor_id=visit.debtor_id,
            reason="verification_failed",
            actor="portal",
            note="The details given at the portal's door did not fit.",
        )
