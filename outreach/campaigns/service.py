"""What people do with a campaign: create, launch, pause, resume, cancel. A move not in the table is refused.

A status counts from its commit: delivery asks it at its gate, just before the first byte. Rows of the queue are marked
after that, in batches, so that a pause never waits for a million rows.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.campaigns import approval, texts
from outreach.campaigns.definition import Definition, DefinitionError, validate
from outreach.campaigns.models import MOVES, CampaignStatus
from outreach.errors import OutreachError

PLAN = "campaigns.plan"


class NoSuchCampaignError(OutreachError):
    """There is no such campaign."""

    status = 404


class CampaignExistsError(OutreachError):
    """A campaign of this name exists already; give the new one another name."""

    status = 409


class MoveRefusedError(OutreachError):
    """The campaign's status does not allow this."""

    status = 409


async def find(session: AsyncSession, name: str) -> Mapping[str, Any]:
    """The campaign's row. Raises NoSuchCampaignError naming the nearest ones."""
    row = await db.one(session, "select * from campaign where name = :name", name=name)
    if row is None:
        known = [
            r["name"] for r in await db.rows(session, "select name from campaign order by created_at desc limit 200")
        ]
        near = ", ".join(difflib.get_close_matches(name, known, n=3) or known[:3])
        raise NoSuchCampaignError(f"There is no campaign {name!r}." + (f" There are: {near}." if near else ""))
    return row


async def create(session: AsyncSession, definition: Definition, *, now: datetime, actor: str) -> int:
    """A draft. Raises DefinitionError when a template is unknown or has no words for a step's channel."""
    pinned = texts.versions(definition)
    campaign_id = await session.scalar(
        sa.text(
            "insert into campaign (name, status, definition, version, created_by, created_at)"
            " values (:name, 'draft', cast(:definition as jsonb), :version, :actor, :now)"
            " on conflict (name) do nothing returning id"
        ),
        {
            "name": definition.name,
            "definition": json.dumps(definition.model_dump(mode="json", exclude_none=True)),
            "version": definition.version(pinned),
            "actor": actor,
            "now": now,
        },
    )
    if campaign_id is None:
        raise CampaignExistsError(f"A campaign {definition.name!r} exists already; give the new one another name.")
    for number, step in enumerate(definition.steps, start=1):
        await session.execute(
            sa.text(
                "insert into campaign_step (campaign_id, number, template, channel, after_days, template_version)"
                " values (:id, :number, :template, :channel, :days, :version)"
            ),
            {
                "id": campaign_id,
                "number": number,
                "template": step.template,
                "channel": step.channel,
                "days": step.after_days,
                "version": pinned[step.template],
            },
        )
    await audit.record(session, now=now, actor=actor, action="create_campaign", subject=definition.name)
    return int(campaign_id)


async def launch(
    session: AsyncSession, name: str, *, now: datetime, actor: str, second_person: bool = True
) -> datetime:
    """Start it, or set its first moment; returns that moment. The template versions of this moment are pinned.

    Raises SecondPersonError when it is for many people and nobody but `actor` approved it. `second_person` False is for
    the command line, where who has the machine has the database.
    """
    campaign = await find(session, name)
    if second_person:
        await approval.require(session, campaign, now=now, actor=actor)
    definition = validate(campaign["definition"])
    await _known_creditors(session, definition)
    pinned = texts.versions(definition)
    at = definition.schedule.first(now)
    await _move(session, campaign, CampaignStatus.RUNNING if at <= now else CampaignStatus.SCHEDULED)
    await session.execute(
        sa.text(
            "update campaign set launched_at = :now, version = :version, planned_to = 0, planned_at = null,"
            " next_run_at = :next, occurrence = case when status = 'running' then 1 else 0 end where id = :id"
        ),
        {
            "id": campaign["id"],
            "now": now,
            "version": definition.version(pinned),
            "next": at if at > now else definition.schedule.after(now),
        },
    )
    await texts.pin(session, campaign["id"], pinned)
    await audit.record(
        session, now=now, actor=actor, action="launch_campaign", subject=name, why=f"starts {at.isoformat()}"
    )
    return at


async def start_occurrence(session: AsyncSession, campaign_id: int, *, now: datetime) -> bool:
    """The timer's part: the moment has come. False when it is not due (any more)."""
    campaign = await db.one(
        session,
        "select * from campaign where id = :id and status in ('scheduled', 'running') and next_run_at <= :now"
        " for no key update",
        id=campaign_id,
        now=now,
    )
    if campaign is None:
        return False
    following = validate(campaign["definition"]).schedule.after(now)
    await session.execute(
        sa.text(
            "update campaign set status = 'running', occurrence = occurrence + 1, planned_to = 0, planned_at = null,"
            " next_run_at = :next where id = :id"
        ),
        {"id": campaign_id, "next": following},
    )
    await audit.record(session, now=now, actor="system:clock", action="start_campaign", subject=campaign["name"])
    return True


async def pause(session: AsyncSession, name: str, *, now: datetime, actor: str, why: str = "") -> int:
    """Nothing more leaves once this is committed. `queue.mark` then keeps workers from looking at its rows."""
    campaign = await find(session, name)
    await _move(session, campaign, CampaignStatus.PAUSED)
    await session.execute(
        sa.text("update campaign set paused_why = :why where id = :id"), {"id": campaign["id"], "why": why}
    )
    await audit.record(session, now=now, actor=actor, action="pause_campaign", subject=name, why=why)
    return int(campaign["id"])


async def pause_itself(session: AsyncSession, campaign_id: int, *, now: datetime, actor: str, why: str) -> bool:
    """The system's own pause of a running campaign; False when it no longer runs."""
    found = await db.one(
        session,
        "update campaign set status = 'paused', paused_why = :why where id = :id and status = 'running' returning name",
        id=campaign_id,
        why=why,
    )
    if found is None:
        return False
    await audit.record(session, now=now, actor=actor, action="pause_campaign", subject=found["name"], why=why)
    return True


async def resume(session: AsyncSession, name: str, *, now: datetime, actor: str, second_person: bool = True) -> int:
    """Goes on where it was: nobody twice, nobody left out. Texts changed meanwhile are approved as at a launch."""
    campaign = await find(session, name)
    if campaign["status"] != CampaignStatus.PAUSED:
        raise MoveRefusedError(f"Campaign {name} is {campaign['status']}, not paused.")
    if second_person and await texts.changed(session, campaign["id"]):
        await approval.require(session, campaign, now=now, actor=actor)
    definition = validate(campaign["definition"])
    started = campaign["occurrence"] > 0
    await _move(session, campaign, CampaignStatus.RUNNING if started else CampaignStatus.SCHEDULED)
    pinned = texts.versions(definition)
    await texts.pin(session, campaign["id"], pinned)
    await session.execute(
        sa.text("update campaign set paused_why = '', version = :version where id = :id"),
        {"id": campaign["id"], "version": definition.version(pinned)},
    )
    await audit.record(session, now=now, actor=actor, action="resume_campaign", subject=name)
    return int(campaign["id"])


async def cancel(session: AsyncSession, name: str, *, now: datetime, actor: str, why: str = "") -> int:
    """For good: nothing more leaves once this is committed, and `queue.mark` withdraws what is queued."""
    campaign = await find(session, name)
    await _move(session, campaign, CampaignStatus.CANCELLED)
    await session.execute(
        sa.text("update campaign set finished_at = :now, next_run_at = null where id = :id"),
        {"id": campaign["id"], "now": now},
    )
    await audit.record(session, now=now, actor=actor, action="cancel_campaign", subject=name, why=why)
    return int(campaign["id"])


async def _move(session: AsyncSession, campaign: Mapping[str, Any], then: CampaignStatus) -> None:
    """A conditional update is the lock: of two people who press at once, one is told."""
    sources = [status for status, targets in MOVES.items() if then in targets]
    moved = await session.execute(
        sa.text("update campaign set status = :then where id = :id and status = any(:sources) returning id"),
        {"id": campaign["id"], "then": then.value, "sources": [str(s) for s in sources]},
    )
    if moved.first() is None:
        raise MoveRefusedError(
            f"Campaign {campaign['name']} is {campaign['status']}; only one that is {' or '.join(sources)} can become {then}."
        )


async def _known_creditors(session: AsyncSession, definition: Definition) -> None:
    wanted = definition.audience.creditor or []
    known = [row["name"] for row in await db.rows(session, "select name from creditor order by name")]
    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(known[:10])}." if known else ""
            raise DefinitionError(f"There is no creditor {name!r}.{hint}")
