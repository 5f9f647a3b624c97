"""How, when and where to be reached, and in which language. Each wish is a row; the page says the rule that results."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.accounts import service as accounts
from outreach.consents import service as consents
from outreach.context import Context
from outreach.web import forms, pages, words
from outreach.web.deps import ContextDep, SessionDep
from outreach.web.portal import queries
from outreach.web.portal import session as portal_session

router = APIRouter(prefix="/preferences")

CHANNELS = ("any", "sms", "email")
#: choice -> the only hours in which to write
HOURS: Mapping[str, str] = {"any": "", "morning": "08:00-12:00", "afternoon": "12:00-17:00", "evening": "17:00-21:00"}
#: what a person must be told before papers may come electronically
PAPERS = ("what", "paper", "back", "need")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@router.get("")
async def ask(request: Request, session: SessionDep, visit: portal_session.VisitDep, saved: str = "") -> Response:
    stopped = await queries.stopped(session, debtor_id=visit.debtor_id)
    return _page(request, await _present(session, visit), saved=bool(saved), stopped=stopped)


@router.post("")
async def take(
    request: Request,
    context: ContextDep,
    session: SessionDep,
    visit: portal_session.VisitDep,
    fields: portal_session.FormDep,
) -> Response:
    t = words.speaker(pages.language(request))
    allowed = {"channel": CHANNELS, "hours": tuple(HOURS), "language": tuple(words.LANGUAGES)}
    errors = {
        name: t(f"preferences.{name}_missing") for name, choices in allowed.items() if fields.get(name) not in choices
    }
    if len(_days(fields)) == len(DAYS):
        errors["days"] = t("preferences.days_all")
    if errors:
        return _page(request, fields, status=422, errors=errors)
    await _save(context, session, visit, fields, before=await _present(session, visit))
    answer = pages.see("/preferences?saved=1")
    answer.set_cookie(pages.LANGUAGE_COOKIE, fields["language"], max_age=31_536_000, httponly=True, samesite="lax")
    return answer


def _days(fields: Mapping[str, str]) -> list[str]:
    chosen = fields.get("days", "").split()
    return [day for day in DAYS if day in chosen]


async def _present(session: AsyncSession, visit: portal_session.Visit) -> dict[str, str]:
    """The wishes in force, as the form's own answers."""
    wishes = await queries.wishes(session, debtor_id=visit.debtor_id)
    person = await queries.person(session, debtor_id=visit.debtor_id)
    window = wishes.get("time_window", {}).get("window", "")
    return {
        "channel": wishes.get("channel", {}).get("channel") or "any",
        "hours": next((name for name, hours in HOURS.items() if hours == window), "any"),
        "days": " ".join(wishes.get("quiet_window", {}).get("days", "").split(",")),
        "work": "yes" if "work" in wishes.get("place", {}).get("place", "") else "",
        "papers": "yes" if wishes.get("papers", {}).get("electronic") else "",
        "language": person["language"],
    }


async def _save(
    context: Context,
    session: AsyncSession,
    visit: portal_session.Visit,
    fields: forms.Posted,
    *,
    before: Mapping[str, str],
) -> None:
    """Only what changed is a new wish. An empty value takes a wish back."""
    days = ",".join(_days(fields))
    wishes: dict[str, tuple[str, dict[str, Any]]] = {
        "channel": ("channel", {"channel": fields["channel"]} if fields["channel"] != "any" else {}),
        "hours": ("time_window", {"window": HOURS[fields["hours"]], "days": ""} if fields["hours"] != "any" else {}),
        "days": ("quiet_window", {"window": "", "days": days} if days else {}),
        "work": ("place", {"place": "not_work"} if fields.get("work") else {}),
        "papers": (
            "papers",
            {"electronic": bool(fields.get("papers")), "wording": _papers_wording(fields["language"])},
        ),
        "language": ("language", {"language": fields["language"]}),
    }
    for name, (kind, value) in wishes.items():
        if fields.get(name, "") != before[name]:
            await consents.prefer(
                session, now=context.now(), debtor_id=visit.debtor_id, kind=kind, value=value, via="portal"
            )
    await accounts.speak(
        session,
        now=context.now(),
        debtor_id=visit.debtor_id,
        language=fields["language"],
        actor=f"debtor:{visit.debtor_id}",
    )


def _papers_wording(language: str) -> str:
    """SHA-256 of the E-SIGN disclosure beside the choice, as evidence of what was agreed to (15 U.S.C. 7001(c)(1)(B))."""
    shown = [words.catalogue()[f"preferences.papers_{part}"][language] for part in PAPERS]
    return hashlib.sha256("\n".join(shown).encode()).hexdigest()


def _page(request: Request, values: Mapping[str, str], **more: Any) -> Response:
    more = {"saved": False, "stopped": [], **more}
    return pages.render(
        request,
        "portal/preferences.html",
        values=values,
        hours=list(HOURS),
        days=DAYS,
        papers=PAPERS,
        chosen=_days(values),
        **more,
    )
