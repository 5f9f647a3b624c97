"""The chain: one sealer gives committed rows their link; a verifier walks all links and names every break.

Rows are hashed by PostgreSQL as the text of their JSON, one hash a row and one over those, so that one person's rows can be proved
with only hashes of everybody else's. A row not yet sealed (a second or so) is not yet protected.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from outreach import db

#: Advisory lock: one sealer in the cluster.
SEAL_LOCK = 7002
#: Rows of a link: small enough that an evidence pack can carry the hashes of all of them.
BATCH = 5_000
#: Below every id, where the first link begins.
LOWEST = -(2**63)

#: The text that is hashed, by table.
TEXT = {"audit_entry": "(to_jsonb(t) - 'sealed_in')::text", "decision_record": "to_jsonb(t)::text"}
_HASHED = (
    "encode(sha256(coalesce(string_agg(sha256(convert_to({text}, 'UTF8')), ''::bytea order by id), ''::bytea)), 'hex')"
)
_ENTRIES = f"select count(*) as n, {_HASHED.format(text=TEXT['audit_entry'])} as digest from audit_entry t where sealed_in = :number"
_DECISIONS = (
    f"select count(*) as n, {_HASHED.format(text=TEXT['decision_record'])} as digest from decision_record t"
    " where id > :after and id <= :upto"
)
_MARK = """
update audit_entry set sealed_in = :number
where id in (select id from audit_entry where sealed_in is null order by id limit :limit)
"""
_WALK = f"""
with e as (
  select sealed_in, count(*) as n, {_HASHED.format(text=TEXT["audit_entry"])} as digest from audit_entry t
  where sealed_in is not null group by sealed_in
)
select s.*, coalesce(e.n, 0) as entries_now, e.digest as digest_now, d.n as decisions_now, d.digest as decisions_digest_now
from audit_seal s left join e on e.sealed_in = s.number
  left join lateral (select count(*) as n, {_HASHED.format(text=TEXT["decision_record"])} as digest from decision_record t
    where id > s.decisions_after and id <= s.decisions_upto) d on true
order by s.number
"""
_ADD = """
insert into audit_seal (number, at, entries, digest, decisions, decisions_after, decisions_upto, decisions_digest, link, signature)
values (:number, :at, :entries, :digest, :decisions, :decisions_after, :decisions_upto, :decisions_digest, :link, :signature)
"""
_REMEMBER = """
insert into setting (name, value) values (:name, cast(:value as jsonb)) on conflict (name) do update set value = excluded.value
"""


async def seal(connection: AsyncConnection, *, now: datetime, secret: bytes, limit: int = BATCH) -> int:
    """Chain committed rows that have no place yet, `limit` of each table; returns how many. The caller commits.

    At most one sealer at a time: another one gets 0. A decision is chained once no transaction that may still write a lower id
    is open, so the first call after it was committed only notes how far it may go.
    """
    if not await connection.scalar(sa.text("select pg_try_advisory_xact_lock(:k)"), {"k": SEAL_LOCK}):
        return 0
    last = await db.one(connection, "select number, link, decisions_upto from audit_seal order by number desc limit 1")
    number, previous, after = (last["number"] + 1, last["link"], last["decisions_upto"]) if last else (1, "", LOWEST)
    upto = min(await _settled(connection), max(after, 0) + limit)
    marked = await db.change(connection, _MARK, number=number, limit=limit)
    if not marked and upto <= after:
        return 0
    entries = await db.one(connection, _ENTRIES, number=number) or {}
    decisions = await db.one(connection, _DECISIONS, after=after, upto=max(upto, after)) or {}
    link = {
        "number": number,
        "at": now,
        "entries": entries["n"],
        "digest": entries["digest"],
        "decisions": decisions["n"],
        "decisions_after": after,
        "decisions_upto": max(upto, after),
        "decisions_digest": decisions["digest"],
    }
    joined = link_hash(previous, link)
    await db.change(connection, _ADD, **link, link=joined, signature=sign(secret, joined))
    await _remember(connection, "audit_head", {"number": number, "link": joined})
    return int(entries["n"] + decisions["n"])


async def _settled(connection: AsyncConnection) -> int:
    """Up to which id no decision can appear any more; notes the next such id for the next call.

    Ids are drawn before commit, so a lower one may appear later. Whoever drew one is among the transactions open at that time (all
    callers have written before): when the oldest open one is younger, nothing below can follow.
    """
    state = await db.one(
        connection,
        "select (select value from setting where name = 'audit_horizon') as noted, (select max(id) from decision_record) as newest,"
        " pg_snapshot_xmin(pg_current_snapshot())::text::bigint as oldest, pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next",
    )
    if state is None or state["newest"] is None:
        return LOWEST
    noted = state["noted"] or {"id": LOWEST, "before": 0, "settled": LOWEST}
    settled: int = noted["id"] if state["oldest"] >= noted["before"] else noted["settled"]
    if settled == noted["id"] and settled < state["newest"]:
        following = {"id": state["newest"], "before": state["next"], "settled": settled}
        await _remember(connection, "audit_horizon", following)
    return settled


async def verify(connection: AsyncConnection, *, secret: bytes) -> AsyncIterator[str]:
    """Every break in the chain, one sentence each; none when whole."""
    previous, expected, after = "", 1, LOWEST
    async for found in (await connection.stream(sa.text(_WALK))).mappings():
        row = dict(found)
        if row["number"] != expected:
            yield f"link {expected} is missing"
        elif row["decisions_after"] != after:
            yield f"link {row['number']} leaves out decisions after {after}"
        for sentence in _compared(row):
            yield sentence
        if link_hash(previous, row) != row["link"]:
            yield f"link {row['number']} does not follow the one before it"
        if not hmac.compare_digest(sign(secret, row["link"]), row["signature"]):
            yield f"link {row['number']} was not signed with our key"
        previous, expected, after = row["link"], row["number"] + 1, row["decisions_upto"]
    async for sentence in _beyond(connection, expected):
        yield sentence


def _compared(row: Mapping[str, Any]) -> list[str]:
    found = []
    for what, digest in (("entries", "digest"), ("decisions", "decisions_digest")):
        if row[f"{what}_now"] != row[what]:
            found.append(f"link {row['number']} covered {row[what]} {what} and now {row[f'{what}_now']}")
        elif row[what] and row[f"{digest}_now"] != row[digest]:
            found.append(f"one of the {what} of link {row['number']} was altered")
    return found


async def _beyond(connection: AsyncConnection, expected: int) -> AsyncIterator[str]:
    """What claims a place that does not exist, and links cut off at the end."""
    strays = await connection.scalar(
        sa.text(
            "select count(*) from audit_entry where sealed_in is not null"
            " and not exists (select 1 from audit_seal where number = sealed_in)"
        )
    )
    if strays:
        yield f"{strays} entries claim a link that does not exist"
    head = await connection.scalar(sa.text("select value from setting where name = 'audit_head'"))
    if head and head["number"] >= expected:
        yield f"links {expected} to {head['number']} are missing at the end"


def link_hash(previous: str, link: Mapping[str, Any]) -> str:
    """SHA-256 over the link before and this one's columns."""
    at = link["at"].astimezone(UTC).isoformat()
    parts = (
        previous, link["number"], at, link["entries"], link["digest"], link["decisions"], link["decisions_after"],
        link["decisions_upto"], link["decisions_digest"],
    )  # fmt: skip
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def sign(secret: bytes, link: str) -> str:
    return hmac.new(secret, link.encode(), hashlib.sha256).hexdigest()


async def _remember(connection: AsyncConnection, name: str, value: Mapping[str, Any]) -> None:
    await db.change(connection, _REMEMBER, name=name, value=json.dumps(value))
