"""The people of these tests: Dana owes, Ana and Bob work, Lee leads."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.accounts import ledger
from outreach.accounts.models import LedgerKind
from outreach.staff import service as staff


async def creditor(session: AsyncSession, *, now: datetime, name: str = "Fairview Medical Group") -> int:
    return int(
        await session.scalar(
            sa.text(
                "insert into creditor (name, created_at) values (:name, :now)"
                " on conflict (name) do update set name = excluded.name returning id"
            ),
            {"name": name, "now": now},
        )
    )


async def debtor(session: AsyncSession, *, now: datetime, ref: str = "D-1", first: str = "Dana") -> int:
    return int(
        await session.scalar(
            sa.text(
                "insert into debtor (ref, first_name, last_name, created_at) values (:ref, :first, 'Holloway', :now)"
                " on conflict (ref) do update set ref = excluded.ref returning id"
            ),
            {"ref": ref, "first": first, "now": now},
        )
    )


async def account(
    session: AsyncSession,
    *,
    now: datetime,
    ref: str = "4471",
    principal: int = 60_000,
    interest: int = 0,
    fees: int = 0,
    debtor_ref: str = "D-1",
) -> int:
    """One debt of Dana's, its balance built from ledger lines."""
    account_id = int(
        await session.scalar(
            sa.text(
                "insert into account (creditor_id, debtor_id, ref, created_at) values (:c, :d, :ref, :now) returning id"
            ),
            {
                "c": await creditor(session, now=now),
                "d": await debtor(session, now=now, ref=debtor_ref),
                "ref": ref,
                "now": now,
            },
        )
    )
    for component, cents in (("principal", principal), ("interest", interest), ("fees", fees)):
        kind = LedgerKind.FEE if component == "fees" else LedgerKind(component)
        await ledger.post(
            session,
            at=now,
            account_id=account_id,
            kind=kind,
            component=component,
            amount_cents=cents,
            source="placement",
        )
    return account_id


async def colleague(session: AsyncSession, *, now: datetime, name: str = "Ana Diaz", role: str = "case_manager") -> int:
    email = name.lower().replace(" ", ".") + "@example.com"
    return await staff.add(session, now=now, email=email, role=role, actor="system:test", name=name)


async def reachable(session: AsyncSession, *, now: datetime, debtor_id: int) -> None:
    """A mobile number the debtor wrote from, an address that gives their zone, the notice in order, the creditor willing."""
    await session.execute(
        sa.text(
            "insert into contact_point (debtor_id, kind, address, line, area_code, basis, basis_at, created_at,"
            " reassigned_checked_at, reassigned_result)"
            " values (:d, 'phone', '+16145550142', 'mobile', '614', 'consumer_text', :now, :now, :now, 'no')"
        ),
        {"d": debtor_id, "now": now},
    )
    await session.execute(sa.text("update debtor set zip = '43215', state = 'OH' where id = :d"), {"d": debtor_id})
    await session.execute(sa.text("update creditor set sms_allowed = true"))
    await session.execute(
        sa.text(
            "update account set initial_communication_at = :then, validation_provided_at = :then, validation_method = 'mail',"
            " validation_period_end = '2026-02-20' where debtor_id = :d"
        ),
        {"d": debtor_id, "then": now - timedelta(days=60)},
    )


async def queued(session: AsyncSession, *, now: datetime, debtor_id: int, account_id: int | None = None) -> None:
    """One automated message that waits to leave."""
    await _message(session, now=now, debtor_id=debtor_id, direction="out", status="queued", account_id=account_id)


async def heard(session: AsyncSession, *, now: datetime, debtor_id: int, text: str = "hello") -> None:
    """One message the debtor wrote."""
    await _message(session, now=now, debtor_id=debtor_id, direction="in", status="received", text=text)


async def _message(
    session: AsyncSession,
    *,
    now: datetime,
    debtor_id: int,
    direction: str,
    status: str,
    text: str = "hello",
    account_id: int | None = None,
) -> None:
    await session.execute(
        sa.text(
            "insert into message (id, debtor_id, direction, channel, medium, purpose, status, text, account_ids,"
            " created_at, contact_point_id) select gen_random_uuid(), :d, :direction, 'sms', 'sms',"
            " :purpose, :status,"
            " :text, :accounts, :now, (select id from contact_point where debtor_id = :d limit 1)"
        ),
        {
            "d": debtor_id,
            "direction": direction,
            "purpose": "reply" if direction == "in" else "campaign",
            "status": status,
            "text": text,
            "accounts": [account_id] if account_id else [],
            "now": now,
        },
    )


async def statuses(session: AsyncSession, *, debtor_id: int) -> list[str]:
    found = await session.execute(
        sa.text("select status from message where debtor_id = :d and direction = 'out' order by created_at"),
        {"d": debtor_id},
    )
    return list(found.scalars())


async def holds(session: AsyncSession, *, debtor_id: int) -> set[str]:
    found = await session.execute(
        sa.text("select reason from hold where debtor_id = :d and until is null"), {"d": debtor_id}
    )
    return set(found.scalars())
