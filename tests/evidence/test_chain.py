"""The chain over the trail and the decisions: whatever is altered, deleted or inserted by SQL is found."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from outreach import audit, db
from outreach.context import Context
from tests import cast
from tests.evidence import ledger

#: Every kind of change one statement can make to one row; {n} picks the row, {k} is a number.
TAMPERINGS = [
    "update audit_entry set why = why || '{k}' where id = {entry}",
    "update audit_entry set at = at + interval '{k} seconds' where id = {entry}",
    "update audit_entry set actor = 'staff:{k}' where id = {entry}",
    "update audit_entry set detail = detail || '{{\"x\": {k}}}' where id = {entry}",
    "update audit_entry set debtor_id = null where id = {entry}",
    "update audit_entry set id = id + 100000 where id = {entry}",
    "update audit_entry set sealed_in = mod(sealed_in, 12) + 1 where id = {entry}",
    "update audit_entry set sealed_in = null where id = {entry}",
    "update audit_entry set sealed_in = 900 + {k} where id = {entry}",
    "delete from audit_entry where id = {entry}",
    "insert into audit_entry (at, actor, action, sealed_in) values (now(), 'staff:1', 'release', {link})",
    "insert into audit_entry (at, actor, action, sealed_in) values (now(), 'staff:1', 'release', 900 + {k})",
    "update decision_record set decision = 'maybe' where id = {decision}",
    "update decision_record set facts = facts || '{{\"x\": {k}}}' where id = {decision}",
    "update decision_record set at = at - interval '{k} seconds' where id = {decision}",
    "update decision_record set id = id + 100000 where id = {decision}",
    "delete from decision_record where id = {decision}",
    "insert into decision_record (id, debtor_id, stage, at, decision, facts_hash, ruleset, tz_version)"
    " select -{k}, debtor_id, stage, at, 'allow', facts_hash, ruleset, tz_version from decision_record where id = {decision}",
    "update audit_seal set at = at + interval '{k} seconds' where number = {link}",
    "update audit_seal set entries = entries + 1 where number = {link}",
    "update audit_seal set decisions = decisions + 1 where number = {link}",
    "update audit_seal set decisions_upto = decisions_upto + 1 where number = {link}",
    "update audit_seal set digest = md5(digest) where number = {link}",
    "update audit_seal set link = md5(link) where number = {link}",
    "update audit_seal set signature = md5(signature) where number = {link}",
    "update audit_seal set number = number + 900 where number = {link}",
    "delete from audit_seal where number = {link}",
    "insert into audit_seal select 900 + {k}, at, entries, digest, link, decisions, decisions_after, decisions_upto,"
    " decisions_digest, signature from audit_seal where number = {link}",
    # the end cut off whole: the last link with all it covers
    "with last as (delete from audit_seal where number = (select max(number) from audit_seal) returning number)"
    " delete from audit_entry where sealed_in in (select number from last)",
]
LINKS = 12


@pytest.fixture
async def chained(context: Context, now: datetime) -> AsyncIterator[AsyncConnection]:
    """A committed chain of twelve links over sixty entries and thirty-six decisions; triggers off; rolled back at the end."""
    async with context.session() as session:
        who = await cast.person(session, now=now)
    for minute in range(LINKS):
        at = now + timedelta(minutes=minute)
        async with context.session() as session:
            await _acts(session, at=at, who=who)
        await _seal(context, at)
    await _seal(context, now + timedelta(hours=1))
    async with context.engine.connect() as connection:
        for table in ("audit_entry", "audit_seal", "decision_record"):
            await connection.execute(sa.text(f"alter table {table} disable trigger insert_only"))
        yield connection
        await connection.rollback()


async def _acts(session: AsyncSession, *, at: datetime, who: int) -> None:
    for n in range(5):
        await audit.record(session, now=at, actor=f"staff:{n}", action="note", debtor_id=who, why="called", minute=n)
    for _ in range(3):
        await ledger.decision(session, message_id=None, debtor_id=who, at=at)


async def _seal(context: Context, at: datetime) -> int:
    async with context.engine.begin() as connection:
        return await audit.seal(connection, now=at, secret=context.key)


async def _breaks(connection: AsyncConnection, context: Context) -> list[str]:
    return [sentence async for sentence in audit.verify(connection, secret=context.key)]


async def test_an_untouched_chain_is_whole_and_covers_everything(chained: AsyncConnection, context: Context) -> None:
    assert await _breaks(chained, context) == []
    sums = await db.one(chained, "select sum(entries) as e, sum(decisions) as d from audit_seal")
    assert sums == {"e": 60, "d": 36}


async def test_four_hundred_random_tamperings_are_all_found(chained: AsyncConnection, context: Context) -> None:
    chance = random.Random(20)
    entries = list((await chained.scalars(sa.text("select id from audit_entry"))).all())
    decisions = list((await chained.scalars(sa.text("select id from decision_record"))).all())
    missed: list[str] = []
    for round_ in range(400):
        statement = TAMPERINGS[round_ % len(TAMPERINGS)].format(
            k=round_ + 1, entry=chance.choice(entries), decision=chance.choice(decisions), link=chance.randint(1, LINKS)
        )
        savepoint = await chained.begin_nested()
        await chained.exec_driver_sql(statement)
        if not await _breaks(chained, context):
            missed.append(statement)
        await savepoint.rollback()
    assert missed == []


async def test_a_chain_written_anew_without_the_key_is_found(chained: AsyncConnection, context: Context) -> None:
    """Whoever can write SQL can compute every hash again, but not the signature."""
    await chained.execute(sa.text("update audit_entry set why = 'nothing' where id = 1"))
    await chained.execute(sa.text("delete from audit_seal"))
    await chained.execute(sa.text("delete from setting where name like 'audit_%'"))
    await chained.execute(sa.text("update audit_entry set sealed_in = null"))
    await audit.seal(chained, now=datetime.now().astimezone(), secret=b"another key")
    assert {sentence.partition(" was ")[2] for sentence in await _breaks(chained, context)} == {
        "not signed with our key"
    }


async def test_of_two_sealers_at_once_one_seals(context: Context, now: datetime) -> None:
    async with context.session() as session:
        who = await cast.person(session, now=now)
        await _acts(session, at=now, who=who)
    async with context.engine.connect() as first, context.engine.connect() as second:
        assert await audit.seal(first, now=now, secret=context.key) == 5
        assert await audit.seal(second, now=now, secret=context.key) == 0
        await first.commit()
    sealed = await asyncio.gather(*[_seal(context, now) for _ in range(6)])
    assert sorted(sealed)[-1] == 3  # the decisions, once nobody could write below them
    async with context.engine.connect() as connection:
        assert await _breaks(connection, context) == []


async def test_a_decision_committed_late_below_others_is_chained_all_the_same(context: Context, now: datetime) -> None:
    """Its id was drawn first, its transaction ended last: no link may pass it by."""
    async with context.session() as session:
        who = await cast.person(session, now=now)
    async with context.session() as slow:
        await ledger.decision(slow, message_id=None, debtor_id=who, at=now)
        async with context.session() as quick:
            await ledger.decision(quick, message_id=None, debtor_id=who, at=now)
        assert [await _seal(context, now) for _ in range(3)] == [0, 0, 0]
    assert await _seal(context, now) == 2
    async with context.engine.connect() as connection:
        assert await _breaks(connection, context) == []


async def test_nothing_new_makes_no_link(context: Context, now: datetime) -> None:
    assert await _seal(context, now) == 0


def test_every_table_of_the_chain_is_tampered_with() -> None:
    tampered: Any = {
        word
        for statement in TAMPERINGS
        for word in ("audit_entry", "audit_seal", "decision_record")
        if word in statement
    }
    assert len(tampered) == 3
