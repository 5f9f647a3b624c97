"""A person holds the envelope in their hand: our posted validation notice came back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from outreach.accounts import notices
from outreach.errors import OutreachError
from outreach.web import pages
from outreach.web.console import debtor, forms, guard

router = APIRouter()

Text = Annotated[str, Form()]
ChangeDesk = Annotated[guard.Desk, Depends(guard.at_desk("accounts.change"))]


@router.post("/console/debtors/{debtor_id:int}/notices/{account_id:int}/returned")
async def returned(desk: ChangeDesk, debtor_id: int, account_id: int, day: Text = "", why: Text = "") -> Response:
    try:
        when = notices.end_of(forms.day(day, what="Came back on"), now=desk.now)
        reason = forms.written(why, what="How we know", most=500)
        async with desk.context.session() as session:
            await notices.returned(
                session,
                now=desk.now,
                debtor_id=debtor_id,
                account_id=account_id,
                came_back_at=when,
                why=reason,
                actor=desk.user.actor,
            )
    except OutreachError as error:
        return await debtor.show(
            desk, debtor_id, status=error.status, wrong={"account": account_id, "words": error.message}
        )
    return pages.see(f"/console/debtors/{debtor_id}#notices")
