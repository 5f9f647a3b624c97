"""Two pairs of eyes: a campaign to many people needs the approval of someone other than who starts it (S15).

An approval binds the definition and the texts of its moment; a later change of either asks anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.campaigns import audience, texts
from outreach.campaigns.definition import Definition, DefinitionError, validate
from outreach.errors import OutreachError

#: more people than this need a second person
ALONE = 500


class SecondPersonError(OutreachError):
    """A campaign to more than 500 people needs the approval of a second person first."""

    status = 409


async def give(session: AsyncSession, campaign: Mapping[str, Any], *, now: datetime, actor: str) -> None:
    """Approve the campaign as it would be launched now."""
    await audit.record(
        session,
        now=now,
        actor=actor,
        action="approve_campaign",
        subject=campaign["name"],
        version=version(campaign),
    )


async def require(session: AsyncSession, campaign: Mapping[str, Any], *, now: datetime, actor: str) -> None:
    """Raises SecondPersonError when the audience, counted now, is large and nobody but `actor` approved this version."""
    if await people(session, validate(campaign["definition"]), now=now) <= ALONE:
        return
    if not any(approval["actor"] != actor for approval in await given(session, campaign)):
        raise SecondPersonError


async def people(session: AsyncSession, definition: Definition, *, now: datetime) -> int:
    """How many the audience means, one statement."""
    counted = await db.one(
        session,
        f"select count(*) as n from ({audience.people(definition.audience)}) meant",
        **audience.values(definition.audience, now=now),
    )
    return int(counted["n"]) if counted else 0


async def given(session: AsyncSession, campaign: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Who approved exactly this definition with the texts of now: actor, at, name. Nobody, when a text is gone."""
    try:
        bound = version(campaign)
    except DefinitionError:
        return []
    return await db.rows(
        session,
        "select e.actor, e.at, s.name from audit_entry e left join staff s on e.actor = 'staff:' || s.id"
        " where e.action = 'approve_campaign' and e.subject = :name and e.detail ->> 'version' = :version order by e.id",
        name=campaign["name"],
        version=bound,
    )


def version(campaign: Mapping[str, Any]) -> str:
    """What an approval of now binds. Raises DefinitionError when a template is gone."""
    definition = validate(campaign["definition"])
    return definition.version(texts.versions(definition))
