"""A chunk against what is stored and what the file said before: named SQL over the temporary table `incoming`.

Two more temporary tables live as long as the connection and hold the file's accounts and people so far, so that a
repeat is told whichever chunk it stands in, without keeping the file in memory.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from outreach import db
from outreach.accounts.intake.columns import COLUMNS
from outreach.accounts.intake.reader import Refusal
from outreach.accounts.intake.record import DERIVED

#: Advisory lock: one chunk at a time in the cluster, so that two files never wait for one another crosswise.
CHUNK_LOCK = 7004

_TYPES = {**{c.name: c.sql for c in COLUMNS.values()}, **DERIVED}

_OPEN = f"""
create temp table incoming (
  {", ".join(f"{name} {kind}" for name, kind in _TYPES.items())},
  creditor_id bigint, account_id bigint, same boolean not null default false, 
  fault_column text, fault text, fault_value text
) on commit delete rows;
create temp table seen_account (creditor text, ref text, row_number int, primary key (creditor, ref));
create temp table seen_person (ref text primary key, last_name text, date_of_birth date);
"""

_CHECKS = {
    # one account, one row a file
    "remember accounts": """
insert into seen_account select creditor, account_ref, min(row_number) from incoming group by 1, 2
on conflict do nothing
""",
    "refuse repeats": """
update incoming i set fault_column = 'account_ref', fault = 'the account stands in an earlier row',
  fault_value = i.account_ref || ' in row ' || s.row_number
from seen_account s where s.creditor = i.creditor and s.ref = i.account_ref and s.row_number <> i.row_number
""",
    # a reference belongs to one person: two people are never merged
    "refuse another person's reference": """
update incoming i set fault_column = 'debtor_ref', fault = 'belongs to another person on file'
from debtor d where d.ref = i.debtor_ref and i.fault is null
  and (lower(d.last_name) <> lower(i.last_name) or d.date_of_birth <> i.date_of_birth)
""",
    "remember people": """
insert into seen_person as s
select distinct on (debtor_ref) debtor_ref, lower(last_name), date_of_birth from incoming where fault is null
order by debtor_ref, date_of_birth is null, row_number
on conflict (ref) do update set date_of_birth = coalesce(s.date_of_birth, excluded.date_of_birth)
""",
    "refuse another person's row": """
update incoming i set fault_column = 'debtor_ref', fault = 'belongs to another person in this file'
from seen_person s where s.ref = i.debtor_ref and i.fault is null
  and (s.last_name <> lower(i.last_name) or s.date_of_birth <> i.date_of_birth)
""",
    "find creditors": "update incoming i set creditor_id = c.id from creditor c where c.name = i.creditor",
    # the relationship decides which law holds: it never changes by the way
    "refuse another relationship": """
update incoming i set fault_column = 'creditor_relationship', fault = 'the creditor is ' || c.relationship || ' on file'
from creditor c where c.id = i.creditor_id and i.fault is null and c.relationship <> i.creditor_relationship
""",
    "find accounts": """
update incoming i set account_id = a.id, same = a.placed ->> 'row' = i.row_hash,
  fault_column = case when d.ref <> i.debtor_ref then 'account_ref' else i.fault_column end,
  fault = case when d.ref <> i.debtor_ref then 'the account is owed by another person on file' else i.fault end
from account a join debtor d on d.id = a.debtor_id
where a.creditor_id = i.creditor_id and a.ref = i.account_ref and i.fault is null
""",
}

_FAULTS = """
select row_number, fault_column, fault, coalesce(fault_value, case fault_column when 'account_ref' then account_ref
  when 'debtor_ref' then debtor_ref else creditor_relationship end) from incoming where fault is not null
"""

_COUNTS = """
select count(*) filter (where fault is null and same) as unchanged,
  count(*) filter (where fault is null and account_id is null) as new,
  count(*) filter (where fault is null and account_id is not null and not same) as changed from incoming
"""


async def prepare(connection: AsyncConnection) -> None:
    """Make the temporary tables. The connection is the file's own until `discard temp`."""
    # A plan made while the tables were empty would be kept for a million rows.
    (await db.driver(connection)).prepare_threshold = None
    await connection.execute(sa.text("discard temp"))
    for statement in _OPEN.strip().split(";\n"):
        await connection.execute(sa.text(statement.rstrip(";")))


async def turn(connection: AsyncConnection) -> None:
    """Wait until this transaction is the one that may check and write."""
    await connection.execute(sa.text("select pg_advisory_xact_lock(:k)"), {"k": CHUNK_LOCK})


async def check(connection: AsyncConnection, rows: list[tuple[Any, ...]]) -> tuple[dict[str, int], list[Refusal]]:
    """Load a chunk and mark what is refused and what is unchanged; counts of new, changed, unchanged; refusals."""
    await turn(connection)
    await db.copy_in(connection, "incoming", _TYPES, rows)
    await connection.execute(sa.text("analyze incoming"))
    for statement in _CHECKS.values():
        await connection.execute(sa.text(statement))
    refusals = [Refusal(*row) for row in await connection.execute(sa.text(_FAULTS))]
    counts = (await connection.execute(sa.text(_COUNTS))).mappings().one()
    return dict(counts), refusals
