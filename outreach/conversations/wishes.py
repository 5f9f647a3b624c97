"""Wishes said one after another stand together: "not before noon", later "no texts on Sundays", and neither lifts the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

_LATEST = "select value from preference where debtor_id = :d and kind = :kind order by at desc, id desc limit 1"


async def quiet(session: AsyncSession, debtor_id: int, *, window: str | None, days: str | None) -> dict[str, Any]:
    """The value of a `quiet_window` wish: these hours and days, and in `more` the earlier ones that still hold.

    New hours replace earlier hours of the same days; whole days are added to earlier whole days.
    """
    new = {"window": window or "", "days": days or ""}
    kept = []
    for earlier in entries(await _latest(session, debtor_id, "quiet_window")):
        if new["window"] or earlier["window"]:
            if bool(new["window"]) != bool(earlier["window"]) or new["days"] != earlier["days"]:
                kept.append(earlier)
        else:
            new["days"] = _joined(new["days"], earlier["days"])
    return {**new, "more": kept}


async def refused(
    session: AsyncSession, debtor_id: int, channels: Sequence[str], *, wanted: str | None
) -> dict[str, Any]:
    """The value of a `not_channel` wish: a second medium refused leaves the first refused, unless it is wanted now."""
    earlier = (await _latest(session, debtor_id, "not_channel")).get("channels", [])
    return {"channels": sorted({*channels, *(c for c in earlier if c not in (wanted or "").split(","))})}


def entries(value: Mapping[str, Any]) -> list[dict[str, str]]:
    """The hours and days of a `quiet_window` wish, newest first."""
    found = [value, *value.get("more", [])] if value else []
    return [{"window": e.get("window") or "", "days": e.get("days") or ""} for e in found]


def _joined(one: str, other: str) -> str:
    week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return ",".join(d for d in week if d in {*one.split(","), *other.split(",")})


async def _latest(session: AsyncSession, debtor_id: int, kind: str) -> dict[str, Any]:
    found = await db.one(session, _LATEST, d=debtor_id, kind=kind)
    return dict(found["value"]) if found else {}
