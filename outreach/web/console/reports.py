"""What happened each day, how old the open balances are, and what became of those we wrote to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from outreach import db
from outreach.cases import queries as cases
from outreach.reports import activity, ageing
from outreach.web.console import forms, frame, guard

router = APIRouter()

ReportDesk = Annotated[guard.Desk, Depends(guard.at_desk("reports.read"))]
DAYS = 14


@router.get("/console/reports")
async def page(desk: ReportDesk, since: str = "", until: str = "", creditor: str = "") -> Response:
    """A creditor's user sees the ageing of its own accounts; the day's figures are the house's."""
    today = desk.now.astimezone(ZoneInfo(activity.OFFICE_ZONE)).date()
    last = min(forms.optional_day(until) or today, today)
    first = forms.optional_day(since) or last - timedelta(days=DAYS - 1)
    first = max(min(first, last), last - timedelta(days=92))
    own = desk.user.creditor_id
    async with desk.context.session() as session:
        names = [
            row["name"]
            for row in await db.rows(session, "select id, name from creditor order by name")
            if own in (None, row["id"])
        ]
        chosen = names[0] if own is not None and names else creditor if creditor in names else None
        aged = await ageing.ageing(session, today=today, creditor=chosen)
        whole_house = own is None
        until_day = last + timedelta(days=1)
        days = await activity.daily(session, since=first, until=until_day) if whole_house else []
        refused = await activity.refusals(session, since=first, until=until_day) if whole_house else []
        load = await cases.workload(session, now=desk.now) if whole_house else []
    return frame.page(
        desk,
        "reports.html",
        days=_all_days(days, first, last) if whole_house else [],
        refused=refused,
        load=load,
        aged=aged,
        creditors=[("", "All"), *((name, name) for name in names)],
        rows_of=_rows,
        ageing_rows=[(label, [aged["totals"][label]["balance_cents"] // 100]) for label in aged["labels"]],
        chosen=chosen or "",
        since=first.isoformat(),
        until=last.isoformat(),
    )


def _all_days(found: list[dict[str, Any]], first: date, last: date) -> list[dict[str, Any]]:
    """A day on which nothing happened is a row of zeros, not a gap; newest first."""
    known = {row["day"]: row for row in found}
    every = [last - timedelta(days=n) for n in range((last - first).days + 1)]
    return [known.get(day, dict.fromkeys(activity.MEASURES, 0) | {"day": day}) for day in every]


def _rows(days: list[dict[str, Any]], measures: tuple[str, ...]) -> list[tuple[str, list[int]]]:
    """Days as a chart wants them: a short label and a value for each series."""
    return [(f"{row['day']:%b} {row['day'].day}", [row[name] for name in measures]) for row in days]
