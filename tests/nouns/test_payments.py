"""Payments: recorded once, applied in the written order, taken back where they went."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.accounts import ledger
from outreach.context import Context
from outreach.payments import importing, queries, service
from outreach.plans import collecting
from tests.nouns import cast


async def _pay(
    session: AsyncSession, now: Any, account_id: int, amount: int, reference: str, **values: Any
) -> service.Recorded:
    given = {"paid_at": now, "actor": "staff:1", **values}
    return await service.record(
        session, now=now, account_id=account_id, amount_cents=amount, reference=reference, **given
    )


async def _account(session: AsyncSession, account_id: int) -> dict[str, Any]:
    return dict(
        await db.one(session, "select status, balance_cents, payments_cents from account where id = :i", i=account_id)
        or {}
    )


@pytest.mark.parametrize(
    ("amount", "applied", "status"),
    [
        # fees first
        (300, {"fees": 300, "interest": 0, "principal": 0}, "open"),
        # then interest
        (1_000, {"fees": 500, "interest": 500, "principal": 0}, "open"),
        (21_500, {"fees": 500, "interest": 1_000, "principal": 20_000}, "paid"),
        # more than is owed is a credit, never a demand
        (22_000, {"fees": 500, "interest": 1_000, "principal": 20_500}, "paid"),
    ],
)
async def test_a_payment_goes_to_fees_interest_and_principal(
    session: AsyncSession, now: Any, amount: int, applied: dict[str, int], status: str
) -> None:
    account_id = await cast.account(session, now=now, principal=20_000, interest=1_000, fees=500)
    found = await _pay(session, now, account_id, amount, "r1")
    assert found.applied == applied
    assert await _account(session, account_id) == {
        "status": status,
        "balance_cents": 21_500 - amount,
        "payments_cents": amount,
    }
    assert found.credit_cents == max(amount - 21_500, 0)


async def test_a_payment_withdraws_what_was_queued_and_one_in_full_holds_the_account(
    session: AsyncSession, now: Any
) -> None:
    account_id = await cast.account(session, now=now)
    debtor_id = await cast.debtor(session, now=now)
    await cast.queued(session, now=now, debtor_id=debtor_id, account_id=account_id)
    await _pay(session, now, account_id, 100, "r1")
    assert await cast.statuses(session, debtor_id=debtor_id) == ["withdrawn"]
    assert await cast.holds(session, debtor_id=debtor_id) == set()
    await _pay(session, now, account_id, 59_900, "r2")
    assert await cast.holds(session, debtor_id=debtor_id) == {"paid"}


async def test_a_reference_is_one_payment(session: AsyncSession, now: Any) -> None:
    account_id = await cast.account(session, now=now)
    other = await cast.account(session, now=now, ref="8812")
    first = await _pay(session, now, account_id, 100, "r1")
    again = await _pay(session, now, account_id, 100, " r1 ")
    assert (again.id, again.created, again.balance_cents) == (first.id, False, 59_900)
    for account, amount in ((account_id, 200), (other, 100)):
        with pytest.raises(service.ReferenceReusedError):
            await _pay(session, now, account, amount, "r1")


async def test_a_reversal_goes_back_where_the_payment_went_and_reopens(session: AsyncSession, now: Any) -> None:
    account_id = await cast.account(session, now=now, principal=20_000, fees=500)
    debtor_id = await cast.debtor(session, now=now)
    await _pay(session, now, account_id, 500, "r1")
    await _pay(session, now, account_id, 20_000, "r2")
    back = await _pay(session, now, account_id, -500, "r1-back")
    assert (back.applied["fees"], back.reopened) == (-500, True)
    assert await ledger.outstanding(session, account_id=account_id) == {"fees": 500, "interest": 0, "principal": 0}
    assert await cast.holds(session, debtor_id=debtor_id) == set()
    with pytest.raises(service.NothingToReverseError):
        await _pay(session, now, account_id, -20_001, "r3")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"amount": 0}, "amount and the creditor's own reference"),
        ({"reference": " "}, "amount and the creditor's own reference"),
        ({"paid_at": timedelta(days=2)}, "2026-03-13 has not come yet"),
    ],
)
async def test_what_cannot_be_a_payment_is_refused_with_a_sentence(
    session: AsyncSession, now: Any, values: dict[str, Any], said: str
) -> None:
    account_id = await cast.account(session, now=now)
    given: dict[str, Any] = {"amount": 100, "reference": "r1", **values}
    with pytest.raises(service.PaymentError, match=said):
        await _pay(
            session,
            now,
            account_id,
            given["amount"],
            given["reference"],
            paid_at=now + given.get("paid_at", timedelta()),
        )


async def test_the_same_payment_at_once_from_many_is_recorded_once(context: Context, now: Any) -> None:
    async with context.session() as session:
        account_id = await cast.account(session, now=now)

    async def post() -> bool:
        async with context.session() as session:
            return (await _pay(session, now, account_id, 100, "r1")).created

    assert sum(await asyncio.gather(*(post() for _ in range(20)))) == 1


GOOD = "account_ref,creditor,amount,paid_at,reference\n"


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("4471,Fairview Medical Group,12.345,2026-03-10,r1", "amount", "not an amount of money"),
        ("4471,Fairview Medical Group,0,2026-03-10,r1", "amount", "is nothing"),
        ("4471,Fairview Medical Group,10,10.03.2026,r1", "paid_at", "is not a date"),
        # an instant without an offset is nobody's
        ("4471,Fairview Medical Group,10,2026-03-10T10:00:00,r1", "paid_at", "is not a date"),
        ("4471,Fairview Medical Group,10,2026-03-10,", "reference", "is empty"),
        ("4471", "creditor", "is empty"),
        ("9999,Fairview Medical Group,10,2026-03-10,r1", "account_ref", "no such account"),
        ("4471,Nobody,10,2026-03-10,r1", "account_ref", "no such account"),
        ("4471,Fairview Medical Group,-10,2026-03-10,r1", "amount", "than was ever paid"),
    ],
)
async def test_every_bad_row_is_listed_and_the_good_one_taken(
    context: Context, now: Any, tmp_path: Path, row: str, column: str, reason: str
) -> None:
    async with context.session() as session:
        account_id = await cast.account(session, now=now)
    file = tmp_path / "payments.csv"
    file.write_text(
        GOOD + row + "\n4471,Fairview Medical Group,$1.00,2026-03-10T12:00:00-04:00,good\n", encoding="utf-8"
    )
    refused: list[importing.Refusal] = []
    report = await collecting.import_file(context, path=file, actor="system:test", refused=refused.append)
    assert [(r.row, r.column) for r in refused] == [(2, column)]
    assert reason in refused[0].reason
    assert (report.rows, report.recorded, report.refused, report.cents) == (2, 1, 1, 100)
    json.dumps(report.as_json())
    again = await collecting.import_file(context, path=file, actor="system:test", refused=refused.append)
    assert (again.recorded, again.known) == (0, 1)
    async with context.session() as session:
        assert [p["amount_cents"] for p in await queries.of_account(session, account_id=account_id)] == [100]


@pytest.mark.parametrize("content", [b"ref,amount\n1,2\n", b"\xff\xfe\x00a", b""])
def test_a_file_that_is_none_is_refused_as_a_whole(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "payments.csv"
    file.write_bytes(content)
    with pytest.raises(importing.PaymentsFileError):
        list(importing.read(file))


async def test_the_ledger_is_the_balance(session: AsyncSession, now: Any) -> None:
    account_id = await cast.account(session, now=now, principal=20_000, interest=700, fees=500)
    for number, amount in enumerate((100, 900, -100, 5_000, -900)):
        await _pay(session, now, account_id, amount, f"r{number}")
    summed = await session.scalar(
        sa.text("select sum(amount_cents)::bigint from ledger_entry where account_id = :i"), {"i": account_id}
    )
    assert summed == (await _account(session, account_id))["balance_cents"] == 16_200
