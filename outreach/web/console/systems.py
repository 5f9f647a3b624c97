"""Creditors' systems: their keys with the last use, the addresses they are told at with how those do; revoke, end."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from outreach.partners import endpoints, keys
from outreach.web import pages
from outreach.web.console import frame, guard

router = APIRouter()

SystemsDesk = Annotated[guard.Desk, Depends(guard.at_desk("partners.manage"))]


@router.get("/console/systems")
async def page(desk: SystemsDesk) -> Response:
    async with desk.context.session() as session:
        return frame.page(
            desk,
            "systems.html",
            keys=[{**row, "scopes": row["scopes"].split()} for row in await keys.every(session)],
            endpoints=[{**row, "events": row["events"].split()} for row in await endpoints.every(session)],
        )


@router.post("/console/systems/keys/{key_id:int}/revoke")
async def revoke(desk: SystemsDesk, key_id: int) -> Response:
    async with desk.context.session() as session:
        await keys.revoke(session, now=desk.now, key_id=key_id, actor=desk.user.actor)
    return pages.see("/console/systems")


@router.post("/console/systems/endpoints/{endpoint_id:int}/end")
async def end(desk: SystemsDesk, endpoint_id: int) -> Response:
    async with desk.context.session() as session:
        await endpoints.end(session, now=desk.now, endpoint_id=endpoint_id, actor=desk.user.actor)
    return pages.see("/console/systems")
