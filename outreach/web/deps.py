"""What every handler may ask for: the context, a session that commits at the edge, the current user or debtor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.context import Context


def context(request: Request) -> Context:
    found: Context = request.app.state.context
    return found


async def session(request: Request) -> AsyncIterator[AsyncSession]:
    """One transaction a request; rolled back on any exception. The response is sent after the commit."""
    async with context(request).session() as open_session:
        yield open_session


ContextDep = Annotated[Context, Depends(context)]
#: scope="function": commit before the response leaves, so that a 2xx is a promise kept
SessionDep = Annotated[AsyncSession, Depends(session, scope="function")]
