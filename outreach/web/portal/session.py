"""A portal session: opened by a button behind a link, 30 idle minutes, no word of a debt until the guard is passed.

The link is a locator, not a key (ASVS 7.6.2): opening it by GET changes nothing. The cookie's token is random and
stored only as a hash. What was typed in an unfinished journey lives on the row and outlives the session a little.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db, tokens
from outreach.context import Context
from outreach.web import forms, pages
from outreach.web.deps import ContextDep, SessionDep

IDLE = timedelta(minutes=30)
#: how long the answers of an unfinished journey outlive their session (WCAG 3.3.7)
KEPT = timedelta(minutes=30)
COOKIE = "portal"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Who is here. `verified` is the wrong-person guard passed; only then may a page speak of a debt."""

    id: int
    debtor_id: int
    verified: bool
    #: proves that a form came from a page of this session
    form_token: str
    seconds_left: int
    #: their own clock (IANA)
    zone: str
    #: shown where their state demands it (ST-CA-01); "" elsewhere
    licence: str
    draft: dict[str, Any] = field(default_factory=dict)

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zone)).date()


_FIND = """
select s.id, s.debtor_id, s.verified_at is not null as verified, s.draft, s.seen_at, d.language, d.state,
       coalesce(d.stated_timezone, 'America/New_York') as zone
from portal_session s join debtor d on d.id = s.debtor_id
where s.token_hash = :hash and s.ended_at is null and s.expires_at > :now
"""


async def current(request: Request, context: ContextDep, session: SessionDep) -> Visit | None:
    """The visit of this request, kept open by it; None for a stranger."""
    token = request.cookies.get(COOKIE, "")
    now = context.now()
    row = token and await db.one(session, _FIND, hash=tokens.digest(token), now=now)
    if not row:
        return None
    # A page that polls is no sign of a person: it must not keep the session open for ever.
    if not pages.is_fragment(request):
        await _touch(session, row["id"], now)
    visit = Visit(
        id=row["id"],
        debtor_id=row["debtor_id"],
        verified=row["verified"],
        form_token=tokens.sign(context.key, "portal form", token),
        seconds_left=int(IDLE.total_seconds()),
        zone=row["zone"],
        licence=context.settings.licences().get(row["state"] or "", ""),
        draft=row["draft"],
    )
    request.state.visit = visit
    request.state.language = row["language"]
    return visit


async def entered(visit: Annotated[Visit | None, Depends(current)]) -> Visit:
    """A session is open, the guard perhaps not passed. Strangers are sent to the calm page."""
    if visit is None:
        raise pages.Elsewhere("/signed-out")
    return visit


async def known(visit: Annotated[Visit, Depends(entered)]) -> Visit:
    """The guard is passed: debts may be shown."""
    if not visit.verified:
        raise pages.Elsewhere("/check")
    return visit


async def form(request: Request, visit: Annotated[Visit | None, Depends(current)]) -> AsyncIterator[forms.Posted]:
    """The form of this request, from a page of this session; its files are closed with it."""
    try:
        yield await forms.read(request, form_token=visit.form_token if visit else "")
    finally:
        await request.close()


FormDep = Annotated[forms.Posted, Depends(form)]
GuestDep = Annotated[Visit | None, Depends(current)]
EnteredDep = Annotated[Visit, Depends(entered)]
VisitDep = Annotated[Visit, Depends(known)]


_OPEN = """
insert into portal_session (debtor_id, token_hash, created_at, seen_at, expires_at, draft)
values (:debtor_id, :hash, :now, :now, :expires,
  coalesce((select draft from portal_session where debtor_id = :debtor_id and verified_at is not null
              and seen_at > :kept_since order by seen_at desc limit 1), '{}'::jsonb)
  || jsonb_build_object('link', cast(:link_id as bigint)))
"""


async def open_session(session: AsyncSession, *, now: datetime, debtor_id: int, link_id: int) -> str:
    """Open a session for a person and return the cookie's token. Answers of one that just ended come along."""
    token = tokens.new_token()
    await session.execute(
        sa.text(_OPEN),
        {
            "debtor_id": debtor_id,
            "hash": tokens.digest(token),
            "now": now,
            "expires": now + IDLE,
            "kept_since": now - IDLE - KEPT,
            "link_id": link_id,
        },
    )
    return token


async def verify(session: AsyncSession, *, now: datetime, visit: Visit) -> str:
    """The guard is passed: a fresh token replaces the one of the stranger (ASVS 7.2.4)."""
    token = tokens.new_token()
    await session.execute(
        sa.text("update portal_session set verified_at = :now, token_hash = :hash where id = :id"),
        {"now": now, "hash": tokens.digest(token), "id": visit.id},
    )
    return token


async def end(session: AsyncSession, *, now: datetime, visit_id: int) -> None:
    await session.execute(
        sa.text("update portal_session set ended_at = :now where id = :id"), {"now": now, "id": visit_id}
    )


async def keep(session: AsyncSession, visit: Visit, part: str, answers: Mapping[str, Any] | None) -> None:
    """Remember the answers of one journey (`part`); None forgets them."""
    draft = {name: value for name, value in visit.draft.items() if name != part}
    if answers is not None:
        draft[part] = dict(answers)
    visit.draft.clear()
    visit.draft.update(draft)
    await session.execute(
        sa.text("update portal_session set draft = cast(:draft as jsonb) where id = :id"),
        {"draft": json.dumps(draft), "id": visit.id},
    )


def set_cookie(answer: Any, context: Context, token: str) -> None:
    answer.set_cookie(
        COOKIE,
        token,
        httponly=True,
        samesite="lax",
        secure=context.settings.base_url.startswith("https"),
        path="/",
    )


async def _touch(session: AsyncSession, visit_id: int, now: datetime) -> None:
    await session.execute(
        sa.text("update portal_session set seen_at = :now, expires_at = :expires where id = :id"),
        {"now": now, "expires": now + IDLE, "id": visit_id},
    )
