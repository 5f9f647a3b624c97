"""Files in, rows out: on a real database, by the code the command runs."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from outreach import db
from outreach.accounts.intake import service
from outreach.accounts.intake.columns import FileRefusedError
from outreach.accounts.intake.reader import Refusal
from outreach.accounts.intake.service import Intake, Report
from outreach.context import Context

DANA = {
    "creditor": "Fairview Medical Group",
    "account_ref": "F-1",
    "debtor_ref": "P-1",
    "first_name": "Dana",
    "last_name": "Holloway",
    "balance": "612.40",
}
TABLES = "creditor placement debtor account ledger_entry contact_point audit_entry".split()


class Desk:
    """Writes files and takes them, as the command would."""

    def __init__(self, context: Context, folder: Path, now: datetime) -> None:
        self.context, self.folder, self.now = context, folder, now
        self.refusals: list[Refusal] = []
        self.files = 0

    def write(self, *rows: dict[str, str]) -> Path:
        self.files += 1
        path = self.folder / f"placement-{self.files}.csv"
        columns = list(dict.fromkeys(name for row in rows for name in row))
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
        return path

    async def take(self, *rows: dict[str, str] | Path, **options: Any) -> Report:
        path = rows[0] if isinstance(rows[0], Path) else self.write(*rows)  # type: ignore[arg-type]
        self.refusals = []
        intake = Intake(engine=self.context.engine, path=path, now=self.now, refused=self.refusals.append, **options)
        return await intake.take()

    async def rows(self, sql: str) -> list[Any]:
        async with self.context.engine.connect() as connection:
            return list(await db.rows(connection, sql))

    async def everything(self) -> dict[str, list[Any]]:
        return {table: await self.rows(f"select * from {table} order by id") for table in TABLES}


@pytest.fixture
def desk(context: Context, tmp_path: Path, now: datetime) -> Desk:
    return Desk(context, tmp_path, now)


async def test_a_row_becomes_a_person_a_debt_with_its_running_account_and_ways_to_reach_them(desk: Desk) -> None:
    await desk.take(
        DANA
        | {
            "creditor_relationship": "first_party", "principal": "600.00", "interest": "22.40", "fees": "10.00",
            "payments": "20.00", "phone": "(415) 555-0142", "phone_line": "mobile", "phone_basis": "direct_consent",
            "phone_basis_at": "2026-01-02T10:00:00-08:00", "email": "Dana@MAIL.example", "email_basis": "consumer_used",
            "email_employer_provided": "true", "timezone": "America/Los_Angeles", "language": "es", "zip": "94110-1234",
            "state": "ca", "date_of_birth": "1985-07-04",
        }
    )  # fmt: skip
    (debtor,) = await desk.rows("select * from debtor")
    assert (debtor["last_name"], debtor["state"], debtor["zip"], debtor["language"]) == (
        "Holloway",
        "CA",
        "94110",
        "es",
    )
    assert (debtor["stated_timezone"], debtor["date_of_birth"]) == ("America/Los_Angeles", date(1985, 7, 4))
    (account,) = await desk.rows("select * from account")
    assert (account["balance_cents"], account["principal_cents"], account["payments_cents"]) == (61240, 60000, 2000)
    lines = await desk.rows("select kind, component, amount_cents from ledger_entry order by id")
    assert [tuple(line.values()) for line in lines] == [
        ("principal", "principal", 60000), ("interest", "interest", 2240), ("fee", "fees", 1000),
        ("payment", "principal", -2000),
    ]  # fmt: skip
    email, phone = await desk.rows("select * from contact_point order by kind")
    assert (phone["address"], phone["area_code"], phone["line"]) == ("+14155550142", "415", "mobile")
    assert (phone["basis"], phone["basis_at"]) == ("direct_consent", datetime(2026, 1, 2, 18, tzinfo=UTC))
    assert (email["address"], email["employer_provided"], email["domain_public"]) == ("Dana@mail.example", True, False)
    (creditor,) = await desk.rows("select * from creditor")
    assert creditor["relationship"] == "first_party"


async def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    path = desk.write(DANA | {"phone": "4155550142"}, DANA | {"account_ref": "F-2"}, DANA | {"balance": "oops"})
    await desk.take(path)
    before = await desk.everything()
    report = await desk.take(path)
    assert (report.taken, report.unchanged, report.refused) == (0, 2, 1)
    assert await desk.everything() == before


async def test_several_rows_of_one_reference_are_one_person_with_several_debts(desk: Desk) -> None:
    report = await desk.take(DANA, DANA | {"account_ref": "F-2"}, DANA | {"creditor": "Northlake Bank"})
    assert report.taken == 3
    assert len(await desk.rows("select 1 from debtor")) == 1
    assert len(await desk.rows("select 1 from account")) == 3


OTHERS = {
    "another last name": {"last_name": "Perez"},
    "another day of birth": {"date_of_birth": "1990-01-01"},
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("files", [1, 2])
async def test_two_people_are_never_merged(desk: Desk, name: str, files: int) -> None:
    dana = DANA | {"date_of_birth": "1985-07-04"}
    other = dana | {"account_ref": "F-2"} | OTHERS[name]
    if files == 1:
        await desk.take(dana, other)
    else:
        await desk.take(dana)
        await desk.take(other)
    (refusal,) = desk.refusals
    assert (refusal.column, "another person" in refusal.reason) == ("debtor_ref", True)
    assert len(await desk.rows("select 1 from account")) == 1


async def test_a_changed_balance_is_a_line_of_adjustment(desk: Desk) -> None:
    await desk.take(DANA | {"interest": "12.40"})
    report = await desk.take(DANA | {"balance": "500.00"})
    assert report.changed == 1
    (account,) = await desk.rows("select * from account")
    assert (account["balance_cents"], account["principal_cents"], account["interest_cents"]) == (50000, 48760, 1240)
    (line,) = await desk.rows("select * from ledger_entry where kind = 'adjustment'")
    assert line["amount_cents"] == -11240
    (total,) = await desk.rows(
        "select sum(amount_cents) as total, (select epoch from debtor) as epoch from ledger_entry"
    )
    assert total == {"total": 50000, "epoch": 1}  # delivery judges again


async def test_a_row_read_again_after_a_payment_does_not_take_the_payment_back(desk: Desk) -> None:
    await desk.take(DANA)
    async with desk.context.engine.begin() as connection:
        await connection.execute(
            sa.text("update account set payments_cents = 10000, balance_cents = balance_cents - 10000")
        )
    await desk.take(DANA | {"phone": "4155550142"})
    (account,) = await desk.rows("select balance_cents, payments_cents from account")
    assert account == {"balance_cents": 51240, "payments_cents": 10000}
    await desk.take(DANA | {"phone": "4155550142", "balance": "0"})
    (account,) = await desk.rows("select balance_cents, payments_cents, status from account")
    assert account == {"balance_cents": 0, "payments_cents": 10000, "status": "paid"}


async def test_an_empty_field_erases_nothing_and_what_the_person_told_us_stays(desk: Desk) -> None:
    await desk.take(DANA | {"zip": "94110", "phone": "4155550142", "phone_basis": "consumer_text"})
    async with desk.context.engine.begin() as connection:
        await connection.execute(sa.text("update debtor set stated_timezone = 'America/Denver'"))
        await connection.execute(sa.text("update contact_point set status = 'wrong_party'"))
    await desk.take(DANA | {"city": "Oakland", "zip": "", "timezone": "America/Los_Angeles", "phone": "4155550142"})
    (debtor,) = await desk.rows("select zip, city, stated_timezone, epoch from debtor")
    assert debtor == {"zip": "94110", "city": "Oakland", "stated_timezone": "America/Denver", "epoch": 1}
    (phone,) = await desk.rows("select status, basis from contact_point")
    assert phone == {"status": "wrong_party", "basis": "consumer_text"}


BAD: dict[str, tuple[dict[str, str], str, str]] = {
    "thousands separator": ({"balance": "1,234.56"}, "balance", "1234.56"),
    "currency sign": ({"balance": "$10"}, "balance", "1234.56"),
    "three decimals": ({"balance": "1.234"}, "balance", "1234.56"),
    "a negative debt": ({"balance": "-5.00"}, "balance", "negative"),
    "not a number": ({"balance": "nan"}, "balance", "1234.56"),
    "parts that do not add up": ({"principal": "1.00"}, "balance", "principal"),
    "no last name": ({"last_name": " "}, "last_name", "missing"),
    "an impossible day": ({"default_date": "2026-02-30"}, "default_date", "no such day"),
    "an American date": ({"default_date": "03/11/2026"}, "default_date", "2026-03-11"),
    "a day in the future": ({"opened_date": "2027-01-01"}, "opened_date", "future"),
    "default before opening": ({"opened_date": "2024-02-01", "default_date": "2024-01-01"}, "default_date", "before"),
    "an instant without offset": (
        {"phone": "4155550142", "phone_basis_at": "2026-01-01T10:00"}, "phone_basis_at", "offset",
    ),
    "an unknown zone": ({"timezone": "America/Gotham"}, "timezone", "zone"),
    "a zone by abbreviation": ({"timezone": "PST"}, "timezone", "zone"),
    "an unknown state": ({"state": "XX"}, "state", "state"),
    "a ZIP that lost its zero": ({"zip": "2108"}, "zip", "five digits"),
    "a country by name": ({"country": "Germany"}, "country", "two letters"),
    "an unknown relationship": ({"creditor_relationship": "friend"}, "creditor_relationship", "first_party"),
    "an unknown basis": ({"phone": "4155550142", "phone_basis": "yes"}, "phone_basis", "direct_consent"),
    "a basis without a number": ({"phone_basis": "direct_consent"}, "phone_basis", "there is no phone"),
    "a number nobody can have": ({"phone": "+1 555 555 0123"}, "phone", "number"),
    "a toll-free number": ({"phone": "+1 800 555 0199"}, "phone", "toll-free"),
    "not a mailbox": ({"email": "dana at example"}, "email", "@"),
    "a NUL byte": ({"first_name": "Da\0na"}, "first_name", "NUL"),
    "a huge field": ({"first_name": "x" * 10_000}, "first_name", "longer"),
}  # fmt: skip


async def test_every_bad_row_is_listed_with_row_column_and_reason_and_the_good_ones_are_in(desk: Desk) -> None:
    rows = [DANA]
    for number, (change, _, _) in enumerate(BAD.values()):
        rows += [DANA | {"account_ref": f"B-{number}"} | change]
    report = await desk.take(*rows, DANA | {"account_ref": "F-2"})
    assert (report.taken, report.refused) == (2, len(BAD))
    for number, (name, (_, column, reason)) in enumerate(BAD.items()):
        (found,) = [r for r in desk.refusals if r.row == number + 3]
        assert (name, found.column) == (name, column)
        assert reason in found.reason, name


async def test_a_wrong_byte_costs_its_own_row_only(desk: Desk) -> None:
    path = desk.write(DANA | {"city": "Zürich"}, DANA | {"account_ref": "F-2"})
    path.write_bytes(path.read_bytes().replace("ü".encode(), b"\xfc"))
    report = await desk.take(path)
    assert report.taken == 1
    assert (desk.refusals[0].row, desk.refusals[0].column) == (2, "city")
    assert "UTF-8" in desk.refusals[0].reason


async def test_a_row_with_too_few_fields_is_refused_whole(desk: Desk) -> None:
    path = desk.write(DANA)
    path.write_bytes(path.read_bytes() + b"Fairview Medical Group,F-2\n")
    await desk.take(path)
    assert desk.refusals == [Refusal(3, "", "the row has 2 fields, the header 6", "")]


HEADERS: dict[str, tuple[Callable[[dict[str, str]], dict[str, str]], str]] = {
    "unknown": (lambda row: row | {"phone_number": "1"}, r"'phone_number' \(did you mean 'phone"),
    "missing": (lambda row: {k: v for k, v in row.items() if k != "balance"}, "'balance' is missing"),
}


@pytest.mark.parametrize("name", HEADERS)
async def test_a_wrong_header_is_named_before_anything_is_written(desk: Desk, name: str) -> None:
    change, words = HEADERS[name]
    with pytest.raises(FileRefusedError, match=words):
        await desk.take(change(DANA))
    assert not any((await desk.everything()).values())


async def test_a_dry_run_tells_the_same_and_writes_nothing(desk: Desk) -> None:
    path = desk.write(DANA, DANA | {"last_name": "Perez", "account_ref": "F-2"}, DANA)
    dry = await desk.take(path, dry_run=True)
    assert not any((await desk.everything()).values())
    wet = await desk.take(path)
    assert dry == wet


async def test_the_creditor_option_fills_empty_rows_and_refuses_others(desk: Desk) -> None:
    report = await desk.take(
        DANA | {"creditor": ""}, DANA | {"account_ref": "F-2", "creditor": "Another"}, creditor="Northlake Bank"
    )
    assert (report.taken, desk.refusals[0].column) == (1, "creditor")


async def test_a_creditor_does_not_change_its_relationship_by_the_way(desk: Desk) -> None:
    await desk.take(DANA | {"creditor_relationship": "first_party"})
    await desk.take(DANA | {"account_ref": "F-2", "creditor_relationship": "debt_buyer"})
    assert desk.refusals[0].column == "creditor_relationship"


async def test_two_files_at_once_leave_each_person_and_account_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CHUNK", 7)
    rows = [DANA | {"account_ref": f"F-{n}", "debtor_ref": f"P-{n % 20}", "phone": "4155550142"} for n in range(60)]
    await asyncio.gather(desk.take(*rows), desk.take(*reversed(rows)))
    counts = await desk.rows("select (select count(*) from debtor) d, (select count(*) from account) a,"
                             " (select count(*) from ledger_entry) l, (select count(*) from contact_point) c")  # fmt: skip
    assert counts == [{"d": 20, "a": 60, "l": 60, "c": 20}]


async def test_a_file_killed_half_way_is_resumed_by_giving_it_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CHUNK", 10)
    path = desk.write(*[DANA | {"account_ref": f"F-{n}"} for n in range(35)], DANA | {"balance": "?"})

    def die(position: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await desk.take(path, progress=die)
    assert len(await desk.rows("select 1 from account")) == 10
    report = await desk.take(path)
    assert (report.taken, report.unchanged, report.refused) == (25, 10, 1)
    (placement,) = await desk.rows("select * from placement")
    assert (placement["rows_taken"], placement["rows_unchanged"], placement["rows_refused"]) == (35, 0, 1)


NOTICE = {"validation_provided_at": "2026-02-01T15:00:00Z", "validation_period_end": "2026-03-09"}
RETURNED = {"validation_undeliverable_at": "2026-02-20T15:00:00Z"}
SECOND = {"validation_provided_at": "2026-03-02T15:00:00Z", "validation_period_end": "2026-04-08"}
_VALIDATION = """
select validation_provided_at as provided, validation_method as method, validation_period_end as until,
  validation_undeliverable_at as returned from account
"""


async def test_a_notice_that_came_back_was_not_provided_until_another_is_sent(desk: Desk) -> None:
    """12 CFR 1006.42(a), comment 34(b)(5)-2: the period counts from the notice that did not come back."""
    first, back = datetime(2026, 2, 1, 15, tzinfo=UTC), datetime(2026, 2, 20, 15, tzinfo=UTC)
    second = {"provided": datetime(2026, 3, 2, 15, tzinfo=UTC), "method": "email", "until": date(2026, 4, 8)}
    came_back = {"provided": first, "method": "mail", "until": date(2026, 3, 9), "returned": back}
    await desk.take(DANA | NOTICE)
    assert await desk.rows(_VALIDATION) == [came_back | {"returned": None}]
    await desk.take(DANA | NOTICE | RETURNED)
    assert await desk.rows(_VALIDATION) == [came_back]
    await desk.take(DANA | SECOND | {"validation_method": "email"})
    assert await desk.rows(_VALIDATION) == [second | {"returned": None}]
    await desk.take(DANA | NOTICE | RETURNED | {"notes": "an old file once more"})
    assert await desk.rows(_VALIDATION) == [second | {"returned": None}]


async def test_a_notice_does_not_come_back_before_it_was_sent(desk: Desk) -> None:
    await desk.take(DANA | NOTICE | {"validation_undeliverable_at": "2026-01-20T15:00:00Z"})
    assert [(r.column, r.reason) for r in desk.refusals] == [
        ("validation_undeliverable_at", "before validation_provided_at")
    ]
