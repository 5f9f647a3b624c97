"""The cast: people with debts, made by plain SQL, in the words of the tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.messages import lanes
from outreach.settings import Settings


async def creditor(
    session: AsyncSession, *, now: datetime, name: str = "Fairview Medical Group", **columns: Any
) -> int:
    """A creditor; third party with texting turned on unless said otherwise."""
    values = {"relationship": "third_party", "sms_allowed": True, **columns}
    return await _insert(session, "creditor", name=name, created_at=now, **values)


async def debtor(session: AsyncSession, *, now: datetime, ref: str = "dana", **columns: Any) -> int:
    """Dana Holloway of Columbus, Ohio, unless said otherwise."""
    values = {"first_name": "Dana", "last_name": "Holloway", "zip": "43215", "state": "OH", **columns}
    return await _insert(session, "debtor", ref=ref, created_at=now, **values)


async def account(
    session: AsyncSession, *, now: datetime, debtor_id: int, creditor_id: int, ref: str = "", **columns: Any
) -> int:
    """612.40 of principal, told about by mail forty days ago."""
    balance = columns.pop("balance_cents", 61_240)
    values = {
        "principal_cents": balance,
        "balance_cents": balance,
        "initial_communication_at": now - timedelta(days=40),
        "validation_provided_at": now - timedelta(days=40),
        "validation_method": "mail",
        "validation_period_end": (now - timedelta(days=5)).date(),
        "debt_type": "medical",
        **columns,
    }
    return await _insert(
        session,
        "account",
        debtor_id=debtor_id,
        creditor_id=creditor_id,
        ref=ref or f"FMG-{debtor_id:04d}",
        created_at=now,
        **values,
    )


async def phone(
    session: AsyncSession, *, now: datetime, debtor_id: int, address: str = "+16145550142", **columns: Any
) -> int:
    """A mobile number whose owner agreed to texts a week ago."""
    values = {
        "line": "mobile",
        "area_code": address[2:5],
        "basis": "direct_consent",
        "basis_at": now - timedelta(days=7),
        **columns,
    }
    return await _insert(
        session, "contact_point", debtor_id=debtor_id, kind="phone", address=address, created_at=now, **values
    )


async def mailbox(
    session: AsyncSession, *, now: datetime, debtor_id: int, address: str = "dana@mail.example", **columns: Any
) -> int:
    values = {"basis": "direct_consent", "basis_at": now - timedelta(days=7), **columns}
    return await _insert(
        session, "contact_point", debtor_id=debtor_id, kind="email", address=address, created_at=now, **values
    )


async def person(
    session: AsyncSession, *, now: datetime, n: int = 1, creditor_id: int | None = None, **columns: Any
) -> int:
    """Somebody with one debt, one number and one mailbox; the n-th of them."""
    creditor_id = creditor_id or await creditor(session, now=now)
    who = await debtor(session, now=now, ref=f"person-{n}", **columns)
    await account(session, now=now, debtor_id=who, creditor_id=creditor_id, ref=f"FMG-{n:06d}")
    await phone(
        session, now=now, debtor_id=who, address=f"+1614555{n % 10_000:04d}" if n < 10_000 else f"+1{6_140_000_000 + n}"
    )
    await mailbox(session, now=now, debtor_id=who, address=f"person{n}@mail.example")
    return who


async def open_lanes(session: AsyncSession, *, now: datetime, settings: Settings) -> None:
    await lanes.ensure(session, settings=settings, now=now)


async def _insert(session: AsyncSession, table: str, **values: Any) -> int:
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    found = await session.execute(sa.text(f"insert into {table} ({names}) values ({marks}) returning id"), values)
    return int(found.scalar_one())


async def crowd(session: AsyncSession, *, now: datetime, count: int, creditor_id: int | None = None) -> list[int]:
    """As many people as wanted, set by set: each with one debt, one number and one mailbox."""
    if creditor_id is None:
        creditor_id = await session.scalar(sa.text("select min(id) from creditor")) or await creditor(session, now=now)
    values: dict[str, Any] = {"now": now, "count": count, "creditor": creditor_id, "told": now - timedelta(days=40)}
    found = await session.execute(
        sa.text(
            "insert into debtor (ref, first_name, last_name, zip, state, created_at)"
            " select 'person-' || n, 'Dana', 'Holloway', '43215', 'OH', :now"
            " from generate_series((select coalesce(max(id), 0) from debtor) + 1,"
            "   (select coalesce(max(id), 0) from debtor) + :count) n returning id"
        ),
        values,
    )
    values["ids"] = ids = sorted(found.scalars())
    for statement in _CROWD:
        await session.execute(sa.text(statement), values)
    return ids


_CROWD = (
    "insert into account (debtor_id, creditor_id, ref, principal_cents, balance_cents, initial_communication_at,"
    " validation_provided_at, validation_method, validation_period_end, debt_type, created_at)"
    " select id, :creditor, 'FMG-' || lpad(id::text, 7, '0'), 61240, 61240, :told, :told, 'mail', (cast(:now as date) - 5),"
    " 'medical', :now from unnest(cast(:ids as bigint[])) id",
    "insert into contact_point (debtor_id, kind, address, line, area_code, basis, basis_at, created_at)"
    " select id, 'phone', '+1614' || (5550000 + id), 'mobile', '614', 'direct_consent', :told, :now"
    " from unnest(cast(:ids as bigint[])) id",
    "insert into contact_point (debtor_id, kind, address, basis, basis_at, created_at)"
    " select id, 'email', 'person' || id || '@mail.example', 'direct_consent', :told, :now"
    " from unnest(cast(:ids as bigint[])) id",
)
