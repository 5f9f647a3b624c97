"""Campaigns: the list, the dry run, launch with a second look and a second person, and how far each one is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.campaigns import approval, jobs, preview, progress, queue, service
from outreach.campaigns.definition import validate
from outreach.errors import OutreachError
from outreach.reports import campaigns as reads
from outreach.reports import funnel
from outreach.web import pages
from outreach.web.console import forms, frame, guard

router = APIRouter()

ReadDesk = Annotated[guard.Desk, Depends(guard.at_desk("campaigns.read"))]
RunDesk = Annotated[guard.Desk, Depends(guard.at_desk("campaigns.run"))]
ApproveDesk = Annotated[guard.Desk, Depends(guard.at_desk("campaigns.approve"))]
Text = Annotated[str, Form()]

#: people listed under each reason of a dry run
SHOWN = 100


class NoCampaignError(OutreachError):
    """There is no such campaign."""

    status = 404


@dataclass(kw_only=True)
class DryRun:
    """A dry run with the people behind each figure, as far as they are shown."""

    totals: preview.Preview = field(default_factory=preview.Preview)
    people: dict[str, list[preview.Outlook]] = field(default_factory=dict)

    def add(self, one: preview.Outlook) -> None:
        self.totals.add(one)
        listed = self.people.setdefault(one.reasons[0][0] if one.verdict == "excluded" else one.verdict, [])
        if len(listed) < SHOWN:
            listed.append(one)


@router.get("/console/campaigns")
async def listing(desk: ReadDesk) -> Response:
    async with desk.context.session() as session:
        rows = await reads.listing(session)
    return frame.page(desk, "campaigns.html", rows=rows)


@router.get("/console/campaigns/{campaign_id:int}")
async def page(desk: ReadDesk, campaign_id: int) -> Response:
    return await _show(desk, campaign_id)


async def _show(desk: guard.Desk, campaign_id: int, *, status: int = 200, problem: str | None = None) -> Response:
    async with desk.context.session() as session:
        row = await _campaign(session, campaign_id)
        values = {
            "campaign": row,
            "steps": await reads.steps(session, campaign_id=campaign_id),
            "progress": await progress.status(session, row, now=desk.now),
            "failures": await reads.failures(session, campaign_id=campaign_id),
            "unknown": await reads.unknown(session, campaign_id=campaign_id),
            "funnel": await funnel.funnel(session, campaign_id=campaign_id),
            "approvals": await approval.given(session, row),
        }
    return frame.page(desk, "campaign.html", status=status, fragment="live", problem=problem, **values)


@router.get("/console/campaigns/{campaign_id:int}/preview")
async def dry_run(desk: ReadDesk, campaign_id: int) -> Response:
    return await _preview(desk, campaign_id)


async def _preview(desk: guard.Desk, campaign_id: int, *, status: int = 200, problem: str | None = None) -> Response:
    run = DryRun()
    async with desk.context.session() as session:
        row = await _campaign(session, campaign_id)
        definition = validate(row["definition"])
        async for one in preview.people(session, definition, now=desk.now, settings=desk.context.settings):
            run.add(one)
        approvals = await approval.given(session, row)
    await desk.saw("preview", subject=f"campaign:{row['name']}", selected=run.totals.selected)
    return frame.page(
        desk,
        "preview.html",
        status=status,
        campaign=row,
        run=run,
        excluded=sum(run.totals.excluded.values()),
        approvals=approvals,
        alone=approval.ALONE,
        version=approval.version(row),
        shown=SHOWN,
        problem=problem,
    )


@router.get("/console/campaigns/{campaign_id:int}/left-out/{code}")
async def left_out(desk: ReadDesk, campaign_id: int, code: str) -> Response:
    async with desk.context.session() as session:
        row = await _campaign(session, campaign_id)
        rows = await reads.left_out(session, campaign_id=campaign_id, code=code)
    await desk.saw("left_out", subject=f"campaign:{row['name']}", why=code)
    return frame.page(desk, "left_out.html", campaign=row, code=code, rows=rows)


@router.post("/console/campaigns/{campaign_id:int}/approve")
async def approve(desk: ApproveDesk, campaign_id: int) -> Response:
    """Bind an approval to this definition and these texts: a later change of either asks anew."""
    async with desk.context.session() as session:
        row = await _campaign(session, campaign_id)
        await approval.give(session, row, now=desk.now, actor=desk.user.actor)
    return pages.see(f"/console/campaigns/{campaign_id}/preview")


@router.post("/console/campaigns/{campaign_id:int}/launch")
async def launch(desk: RunDesk, campaign_id: int, people: Text = "") -> Response:
    """The number of people is typed, so that nobody launches another campaign than the one just looked at."""
    try:
        async with desk.context.session() as session:
            row = await _campaign(session, campaign_id)
            if people.strip() != str(await approval.people(session, validate(row["definition"]), now=desk.now)):
                raise forms.FormError("People: type the number of people selected, as shown above.")
            await service.launch(session, row["name"], now=desk.now, actor=desk.user.actor)
            if (await _campaign(session, campaign_id))["status"] == "running":
                await jobs.request_plan(session, campaign_id)
    except OutreachError as error:
        if error.status == 404:
            raise
        return await _preview(desk, campaign_id, status=error.status, problem=error.message)
    return pages.see(f"/console/campaigns/{campaign_id}")


@router.post("/console/campaigns/{campaign_id:int}/pause")
async def pause(desk: RunDesk, campaign_id: int, why: Text = "") -> Response:
    return await _move(desk, campaign_id, service.pause, why=why.strip()[:300])


@router.post("/console/campaigns/{campaign_id:int}/resume")
async def resume(desk: RunDesk, campaign_id: int) -> Response:
    return await _move(desk, campaign_id, service.resume)


@router.post("/console/campaigns/{campaign_id:int}/cancel")
async def cancel(desk: RunDesk, campaign_id: int, why: Text = "") -> Response:
    return await _move(desk, campaign_id, service.cancel, why=why.strip()[:300])


async def _move(desk: guard.Desk, campaign_id: int, act: Callable[..., Awaitable[int]], **more: Any) -> Response:
    """The move is committed first and holds from then on; marking the queue only spares workers looking at its rows."""
    try:
        async with desk.context.session() as session:
            row = await _campaign(session, campaign_id)
            await act(session, row["name"], now=desk.now, actor=desk.user.actor, **more)
            if (await _campaign(session, campaign_id))["status"] == "running":
                await jobs.request_plan(session, campaign_id)
    except OutreachError as error:
        if error.status == 404:
            raise
        return await _show(desk, campaign_id, status=error.status, problem=error.message)
    await queue.mark(desk.context.engine, campaign_id, now=desk.now)
    return pages.see(f"/console/campaigns/{campaign_id}")


async def _campaign(session: AsyncSession, campaign_id: int) -> Mapping[str, Any]:
    found = await reads.campaign(session, campaign_id=campaign_id)
    if found is None:
        raise NoCampaignError
    return found
