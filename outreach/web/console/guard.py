"""Who is asking, and whether their role includes the act. Every console route stands behind `at_desk(act)`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request

from outreach import audit
from outreach.context import Context
from outreach.staff import permissions
from outreach.staff import service as staff
from outreach.web import deps, pages

COOKIE = "outreach_staff"
SIGN_IN = "/console/sign-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One request of a colleague: theirs to act in, under their role.

    Handlers open their own session (`context.session()`), one at a time: a request that held two connections would let
    twenty colleagues at once exhaust the pool and wait for one another.
    """

    request: Request
    context: Context
    user: staff.User
    now: datetime

    def may(self, act: str) -> bool:
        return permissions.may(self.user.role, act)

    async def saw(
        self, what: str, *, debtor_id: int | None = None, subject: str = "", why: str = "", **detail: Any
    ) -> None:
        """Write into the trail who looked at whom."""
        async with self.context.session() as session:
            await audit.record(
                session,
                now=self.now,
                actor=self.user.actor,
                action=f"view.{what}",
                debtor_id=debtor_id,
                subject=subject,
                why=why,
                **detail,
            )


async def user_of(request: Request, context: Context) -> staff.User | None:
    """The colleague of the request's cookie; None when signed out, idle too long or disabled."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    async with context.session() as session:
        return await staff.current(session, now=context.now(), token=token)


def at_desk(act: str | None) -> Callable[..., Awaitable[Desk]]:
    """A dependency: the signed-in colleague whose role includes `act` (None: any). Redirects to sign-in, or refuses."""

    async def desk(request: Request, context: deps.ContextDep) -> Desk:
        user = await user_of(request, context)
        if user is None:
            raise pages.Elsewhere(SIGN_IN)
        if act is not None:
            permissions.require(user.role, act)
        return Desk(request=request, context=context, user=user, now=context.now())

    desk.act = act  # type: ignore[attr-defined]  # the access matrix of the tests reads it
    return desk


AnyDesk = Annotated[Desk, Depends(at_desk(None))]
ReadDesk = Annotated[Desk, Depends(at_desk("cases.read"))]
WorkDesk = Annotated[Desk, Depends(at_desk("cases.work"))]
