"""Who is at a case now, what they have seen, and what they are still writing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

#: longer than two refreshes of an open page: after this someone is gone
AWAY = timedelta(seconds=20)

_SIT_DOWN = """
insert into desk (case_id, staff_id, seen_at, present_at, writing_at)
values (:case_id, :staff_id, :now, :now, case when :writing then :now end)
on conflict (case_id, staff_id) do update
set seen_at = :now, present_at = :now, writing_at = coalesce(excluded.writing_at, desk.writing_at)
"""


async def sit_down(session: AsyncSession, *, now: datetime, case_id: int, staff_id: int, writing: bool = False) -> None:
    """Mark a case as looked at by someone, and perhaps being written to."""
    values = {"case_id": case_id, "staff_id": staff_id, "now": now, "writing": writing}
    await session.execute(sa.text(_SIT_DOWN).bindparams(sa.bindparam("now", type_=sa.DateTime(timezone=True))), values)


async def keep_draft(
    session: AsyncSession, *, now: datetime, case_id: int, staff_id: int, kind: str, text: str
) -> None:
    """Keep what someone typed; an empty text forgets it."""
    await sit_down(session, now=now, case_id=case_id, staff_id=staff_id, writing=bool(text.strip()))
    patch = {kind: text} if text.strip() else {}
    await session.execute(
        sa.text(
            "update desk set drafts = (drafts - cast(:kind as text)) || cast(:patch as jsonb)"
            " where case_id = :case_id and staff_id = :staff_id"
        ),
        {"kind": kind, "patch": json.dumps(patch), "case_id": case_id, "staff_id": staff_id},
    )


async def drafts(session: AsyncSession, *, case_id: int, staff_id: int) -> dict[str, str]:
    """Unsent words of one person on one case, by kind."""
    found = await db.one(
        session,
        "select drafts from desk where case_id = :case_id and staff_id = :staff_id",
        case_id=case_id,
        staff_id=staff_id,
    )
    return dict(found["drafts"]) if found else {}


async def others(session: AsyncSession, *, now: datetime, case_id: int, staff_id: int) -> list[Mapping[str, Any]]:
    """Colleagues who have this case open now, and whether they are writing."""
    return await db.rows(
        session,
        "select s.name, coalesce(k.writing_at > :lately, false) as writing from desk k join staff s on s.id = k.staff_id"
        " where k.case_id = :case_id and k.staff_id <> :me and k.present_at > :lately order by s.name",
        case_id=case_id,
        me=staff_id,
        lately=now - AWAY,
    )


async def signs(
    session: AsyncSession, *, now: datetime, case_ids: list[int], staff_id: int
) -> dict[int, Mapping[str, Any]]:
    """For a list of cases: who else has each open now (`viewers`), and what I saw last (`seen_at`)."""
    found = await db.rows(
        session,
        "select k.case_id, max(k.seen_at) filter (where k.staff_id = :me) as seen_at,"
        " string_agg(s.name, ', ' order by s.name) filter (where k.staff_id <> :me and k.present_at > :lately) as viewers"
        " from desk k join staff s on s.id = k.staff_id where k.case_id = any(:ids) group by k.case_id",
        ids=case_ids,
        me=staff_id,
        lately=now - AWAY,
    )
    return {row["case_id"]: row for row in found}
