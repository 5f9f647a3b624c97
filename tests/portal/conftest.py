"""The people of the portal: Dana owes one medical bill, Marisol two debts and speaks Spanish; each has a link."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db, tokens
from outreach.accounts import ledger
from outreach.accounts.models import LedgerKind
from outreach.app import load_jobs
from outreach.context import Context
from outreach.web import edge, portal, unsubscribe
from tests.portal.reader import Visitor


@dataclass(frozen=True, kw_only=True)
class Person:
    debtor_id: int
    account_ids: list[int]
    message_id: UUID
    link: str

    @property
    def landing(self) -> str:
        return f"/l/{self.link}"


PAY = '{"online": "https://pay.fairview.example", "mail": "PO Box 12, Columbus, OH 43215", "payable_to": "Fairview"}'


async def creditor(session: AsyncSession, name: str, now: datetime) -> int:
    row = await db.one(
        session,
        "insert into creditor (name, relationship, min_monthly_cents, max_months, payment_instructions, created_at)"
        " values (:name, 'third_party', 5000, 24, cast(:pay as jsonb), :now)"
        " on conflict (name) do update set name = excluded.name returning id",
        name=name,
        pay=PAY,
        now=now,
    )
    assert row
    return int(row["id"])


async def debt(session: AsyncSession, *, now: datetime, debtor_id: int, ref: str, owed_to: str, cents: int) -> int:
    row = await db.one(
        session,
        "insert into account (creditor_id, debtor_id, ref, original_creditor, debt_type, opened_date, itemization_date,"
        " validation_period_end, initial_communication_at, created_at) values (:creditor, :debtor, :ref,"
        " 'Fairview Hospital', 'medical', '2024-03-05', '2025-01-20', :until, :now, :now) returning id",
        creditor=await creditor(session, owed_to, now),
        debtor=debtor_id,
        ref=ref,
        until=now.date() + timedelta(days=20),
        now=now,
    )
    assert row
    for kind, component, part in (
        (LedgerKind.PRINCIPAL, "principal", cents - 1240),
        (LedgerKind.INTEREST, "interest", 1240),
    ):
        await ledger.post(
            session,
            at=now,
            account_id=row["id"],
            kind=kind,
            component=component,
            amount_cents=part,
            source="placement",
        )
    return int(row["id"])


async def person(
    session: AsyncSession, *, now: datetime, ref: str, first: str, language: str, debts: list[int]
) -> Person:
    row = await db.one(
        session,
        "insert into debtor (ref, first_name, last_name, language, date_of_birth, state, zip, created_at)"
        " values (:ref, :first, 'Holloway', :language, :born, 'CA', '94110', :now) returning id",
        ref=ref,
        first=first,
        language=language,
        born=date(1985, 7, 4),
        now=now,
    )
    assert row
    debtor_id = int(row["id"])
    owed_to = ("Fairview Medical Group", "Lakeside Credit Union")
    accounts = [
        await debt(session, now=now, debtor_id=debtor_id, ref=f"{ref}-{n}44{n}1", owed_to=owed_to[n], cents=cents)
        for n, cents in enumerate(debts)
    ]
    point = await db.one(
        session,
        "insert into contact_point (debtor_id, kind, address, basis, created_at)"
        " values (:debtor, 'email', :address, 'consumer_used', :now) returning id",
        debtor=debtor_id,
        address=f"{first.lower()}@example.com",
        now=now,
    )
    message_id, token = tokens.new_id(), tokens.new_token()
    await session.execute(
        sa.text(
            "insert into message (id, debtor_id, direction, channel, medium, purpose, status, address,"
            " contact_point_id, text, created_at) values (:id, :debtor, 'out', 'email', 'email', 'campaign', 'delivered',"
            " :address, :point, 'A message for you', :now)"
        ),
        {
            "id": message_id,
            "debtor": debtor_id,
            "address": f"{first.lower()}@example.com",
            "point": point and point["id"],
            "now": now,
        },
    )
    await session.execute(
        sa.text(
            "insert into link (debtor_id, message_id, token_hash, purpose, created_at, expires_at)"
            " values (:debtor, :message, :hash, 'portal', :now, :until)"
        ),
        {
            "debtor": debtor_id,
            "message": message_id,
            "hash": tokens.digest(token),
            "now": now,
            "until": now + timedelta(days=30),
        },
    )
    return Person(debtor_id=debtor_id, account_ids=accounts, message_id=message_id, link=token)


@pytest.fixture
async def dana(context: Context, now: datetime) -> Person:
    async with context.session() as session:
        return await person(session, now=now, ref="D-1", first="Dana", language="en", debts=[61_240])


@pytest.fixture
async def marisol(context: Context, now: datetime) -> Person:
    async with context.session() as session:
        return await person(session, now=now, ref="D-2", first="Marisol", language="es", debts=[48_055, 130_000])


@pytest.fixture
def app(context: Context) -> FastAPI:
    load_jobs()
    made = FastAPI(openapi_url=None)
    made.state.context = context
    edge.install(made, https=False)
    made.include_router(portal.router())
    made.include_router(unsubscribe.router())
    return made


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[Visitor]:
    who = Visitor(app)
    yield who
    await who.http.aclose()


@pytest.fixture
async def inside(visitor: Visitor, dana: Person) -> Visitor:
    """Dana, through link, button and guard."""
    return await enter(visitor, dana)


async def enter(visitor: Visitor, who: Person) -> Visitor:
    await visitor.go(who.landing)
    await visitor.send()
    await visitor.send(zip="94110")
    assert visitor.path == "/debts", visitor.page.text
    return visitor
