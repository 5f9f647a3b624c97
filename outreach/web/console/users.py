"""Colleagues: add, give a role, bar. A changed role or a bar takes effect with the colleague's next click."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from outreach import db
from outreach.errors import OutreachError
from outreach.staff import permissions
from outreach.staff import service as staff
from outreach.staff.models import Role
from outreach.web import pages
from outreach.web.console import forms, frame, guard, invite, vocabulary

router = APIRouter()

AdminDesk = Annotated[guard.Desk, Depends(guard.at_desk("users.manage"))]
Text = Annotated[str, Form()]


@router.get("/console/users")
async def page(desk: AdminDesk) -> Response:
    return await _show(desk)


@router.post("/console/users")
async def add(desk: AdminDesk, email: Text = "", name: Text = "", role: Text = "", creditor: Text = "") -> Response:
    """Add a colleague and show their first link once, to be handed over."""
    try:
        if "@" not in email:
            raise forms.FormError("Work email: write an address, for example ana@example.com.")
        async with desk.context.session() as session:
            await staff.add(
                session,
                now=desk.now,
                email=email,
                role=forms.chosen(role, [str(r) for r in Role], what="Role"),
                actor=desk.user.actor,
                name=name,
                creditor_id=forms.number(creditor, what="Creditor") if creditor else None,
            )
            token = await staff.link(
                session, now=desk.now, email=email, actor=desk.user.actor, life=staff.FIRST_LINK_LIFE
            )
    except OutreachError as error:
        typed = {"email": email, "name": name, "role": role, "creditor": creditor}
        return await _show(desk, status=error.status, problem=error.message, typed=typed)
    return await _show(desk, link=invite.url(desk.context, token) if token else "")


@router.post("/console/users/{staff_id:int}/disable")
async def disable(desk: AdminDesk, staff_id: int) -> Response:
    try:
        if staff_id == desk.user.id:
            raise forms.FormError("You cannot bar yourself. Ask another administrator.")
        async with desk.context.session() as session:
            await staff.disable(session, now=desk.now, staff_id=staff_id, actor=desk.user.actor)
    except forms.FormError as error:
        return await _show(desk, status=error.status, problem=error.message)
    return pages.see("/console/users")


async def _show(
    desk: guard.Desk,
    *,
    status: int = 200,
    problem: str | None = None,
    typed: dict[str, str] | None = None,
    link: str = "",
) -> Response:
    async with desk.context.session() as session:
        rows = await staff.colleagues(session)
        creditors = await db.rows(session, "select id, name from creditor order by name")
    return frame.page(
        desk,
        "users.html",
        status=status,
        rows=rows,
        creditors=[("", "none")] + [(str(c["id"]), c["name"]) for c in creditors],
        roles=[(str(role), vocabulary.say("role", role)) for role in Role],
        acts={role: [act for act in permissions.ACTS if permissions.may(role, act)] for role in Role},
        problem=problem,
        typed=typed or {},
        link=link,
    )
