"""All that is on file about an account or a case, gathered for an evidence pack: rows as they are, and their places in the chain.

Rows of the trail and decisions come with the exact text that was hashed into their link, and each such link with the hashes of all
its rows: one person's rows can be proved without showing anybody else's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from outreach import compliance, db
from outreach.audit import chain
from outreach.errors import OutreachError
from outreach.reports import decided


class NoAccountError(OutreachError):
    """No account has this reference. Use the creditor's reference, as in the placement file."""

    status = 404


class SeveralAccountsError(OutreachError):
    """Several creditors use this reference. Name one with --creditor."""

    status = 409


class NoCaseError(OutreachError):
    """There is no case with this number. The console's queue shows them."""

    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whose pack: one person, the debts in question, and the case if it is about one."""

    title: str
    debtor_id: int
    accounts: Sequence[int]
    case_id: int | None = None


#: What a pack holds, in reading order: name -> the rows t it takes. Of the person's other debts it shows nothing.
NOUNS = {
    "person": "debtor t where t.id = :id",
    "accounts": "account t where t.id = any(:accounts)",
    "creditors": "creditor t where t.id in (select creditor_id from account where id = any(:accounts))",
    "ledger": "ledger_entry t where t.account_id = any(:accounts)",
    "contact_points": "contact_point t where t.debtor_id = :id",
    "consents": "consent t where t.debtor_id = :id or (t.scope = 'address' and t.address in"
    " (select address from contact_point where debtor_id = :id))",
    "preferences": "preference t where t.debtor_id = :id",
    "holds": "hold t where t.debtor_id = :id and (t.account_id is null or t.account_id = any(:accounts))",
    "disputes": "dispute t where t.account_id = any(:accounts)",
    "proofs": "(select id, dispute_id, at, actor, words, name, content_type, sha256 from dispute_proof) t"
    " where t.dispute_id in (select id from dispute where account_id = any(:accounts))",
    "plans": "plan t where t.account_id = any(:accounts)",
    "installments": "installment t where t.plan_id in (select id from plan where account_id = any(:accounts))",
    "promises": "promise t where t.debtor_id = :id and (t.account_id is null or t.account_id = any(:accounts))",
    "payments": "payment t where t.account_id = any(:accounts)",
    "messages": "message t where {mine}",
    "attempts": "attempt t where t.message_id in (select t.id from message t where {mine})",
    "receipts": "provider_receipt t where t.message_id in (select t.id from message t where {mine})",
    "turns": "turn t where t.inbound_id in (select t.id from message t where {mine})",
    "cases": "cases t where t.debtor_id = :id and (t.id = :case_id or cast(:case_id as bigint) is null"
    " and (t.account_id is null or t.account_id = any(:accounts)))",
    "case_events": "case_event t where t.case_id in (select t.id from {cases})",
}
_MINE = "t.debtor_id = :id and (t.account_ids = '{}' or t.account_ids && cast(:accounts as bigint[]))"
_ORDER = {"messages": "created_at, t.id", "ledger": "at, t.id", "receipts": "at, t.id"}
_SEALED = {
    "audit_entry": "audit_entry t where t.debtor_id = :id",
    "decision_record": "decision_record t where t.debtor_id = :id and (t.message_id is null or t.message_id in (select t.id from message t"
    f" where {_MINE}))",
}
_PLACE = {
    "audit_entry": "t.sealed_in",
    "decision_record": "(select number from audit_seal where t.id > decisions_after and t.id <= decisions_upto)",
}


async def about_account(connection: AsyncConnection, *, ref: str, creditor: str = "") -> About:
    """Raises `NoAccountError` or `SeveralAccountsError`."""
    found = await db.rows(
        connection,
        "select a.id, a.debtor_id, c.name from account a join creditor c on c.id = a.creditor_id"
        " where a.ref = :ref and (:creditor = '' or c.name = :creditor)",
        ref=ref,
        creditor=creditor,
    )
    if not found:
        raise NoAccountError
    if len(found) > 1:
        raise SeveralAccountsError
    return About(
        title=f"Account {ref} of {found[0]['name']}", debtor_id=found[0]["debtor_id"], accounts=[found[0]["id"]]
    )


async def about_case(connection: AsyncConnection, *, case_id: int) -> About:
    """Its account, or all the person's when it names none. Raises `NoCaseError`."""
    case = await db.one(
        connection,
        "select debtor_id, coalesce((select array_agg(a.id) from account a where a.debtor_id = c.debtor_id"
        " and (c.account_id is null or a.id = c.account_id)), '{}') as accounts from cases c where c.id = :id",
        id=case_id,
    )
    if case is None:
        raise NoCaseError
    return About(title=f"Case {case_id}", debtor_id=case["debtor_id"], accounts=case["accounts"], case_id=case_id)


async def gather(connection: AsyncConnection, *, about: About) -> dict[str, Any]:
    """Everything on file: nouns as lists of rows, `decisions` and `audit` as chained, `sealed` with places, `links`."""
    which = {"id": about.debtor_id, "accounts": list(about.accounts), "case_id": about.case_id}
    found: dict[str, Any] = {"title": about.title}
    for noun, source in NOUNS.items():
        rows = source.format(mine=_MINE, cases=NOUNS["cases"])
        used = {name: value for name, value in which.items() if f":{name}" in rows}
        found[noun] = await _plain(
            connection, f"select to_jsonb(t) as row from {rows} order by t.{_ORDER.get(noun, 'id')}", used
        )
    sealed = [row for table in _SEALED for row in await _sealed(connection, table, which)]
    by_table = {table: [json.loads(row["text"]) for row in sealed if row["table"] == table] for table in _SEALED}
    found |= {"audit": by_table["audit_entry"], "decisions": by_table["decision_record"], "sealed": sealed}
    found["explanations"] = {
        str(row["id"]): compliance.explain(decided.decision_of(_timed(row))) for row in found["decisions"]
    }
    found["links"] = await _links(connection, sealed)
    return found


async def attachments(connection: AsyncConnection, *, messages: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Files people sent with these messages, with their bytes."""
    ids = [row["id"] for row in messages]
    return await db.rows(
        connection, "select * from attachment where message_id = any(cast(:ids as uuid[])) order by id", ids=ids
    )


async def _plain(connection: AsyncConnection, sql: str, which: Mapping[str, Any]) -> list[Any]:
    return [row["row"] for row in await db.rows(connection, sql, **which)]


async def _sealed(connection: AsyncConnection, table: str, which: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return await db.rows(
        connection,
        f"select '{table}' as \"table\", t.id, {_PLACE[table]} as link, {chain.TEXT[table]} as text from {_SEALED[table]} order by t.id",
        **{name: value for name, value in which.items() if f":{name}" in _SEALED[table]},
    )


def _timed(row: Mapping[str, Any]) -> dict[str, Any]:
    earliest = row["earliest_at"]
    return {**row, "earliest_at": datetime.fromisoformat(earliest) if earliest else None}


async def _links(connection: AsyncConnection, sealed: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The links these rows stand in, with the hash of every row there; and the newest link, for the date of the pack."""
    places = {(row["table"], row["link"]) for row in sealed if row["link"] is not None}
    rows = await db.rows(
        connection,
        "select s.*, coalesce((select link from audit_seal p where p.number = s.number - 1), '') as previous from audit_seal s"
        " where s.number = any(:numbers) or s.number = (select max(number) from audit_seal) order by s.number",
        numbers=[number for _, number in places],
    )
    links = []
    for row in rows:
        link = dict(row)
        for table, where in (
            ("audit_entry", "sealed_in = :number"),
            ("decision_record", "id > :after and id <= :upto"),
        ):
            if (table, row["number"]) in places:
                link[table] = await _hashes(connection, table, where, row)
        links.append(link)
    return links


async def _hashes(connection: AsyncConnection, table: str, where: str, link: Mapping[str, Any]) -> list[str]:
    values = {"number": link["number"], "after": link["decisions_after"], "upto": link["decisions_upto"]}
    rows = await db.rows(
        connection,
        f"select encode(sha256(convert_to({chain.TEXT[table]}, 'UTF8')), 'hex') as hash from {table} t where {where} order by id",
        **{name: value for name, value in values.items() if f":{name}" in where},
    )
    return [row["hash"] for row in rows]
