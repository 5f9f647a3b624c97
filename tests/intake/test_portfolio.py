"""The invented portfolio is repeatable, complete and passes the import."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from outreach import db
from outreach.accounts.intake.service import Intake
from outreach.cli import _fates, _portfolio, _settle
from outreach.context import Context


def test_the_same_seed_makes_the_same_people(now: datetime, tmp_path: Path) -> None:
    first, second = (_portfolio.make(accounts=300, seed=4, now=now) for _ in range(2))
    assert first == second
    assert first != _portfolio.make(accounts=300, seed=5, now=now)


async def test_every_row_is_taken_and_every_fate_is_on_record(context: Context, now: datetime, tmp_path: Path) -> None:
    portfolio = _portfolio.make(accounts=120, seed=1, now=now)
    portfolio.write(tmp_path / "placement.csv")
    report = await Intake(engine=context.engine, path=tmp_path / "placement.csv", now=now).take()
    assert (report.taken, report.refused) == (120, 0)
    async with context.session() as session:
        await _settle.settle(session, portfolio, now=now)
        holds = {row["reason"] for row in await db.rows(session, "select reason from hold")}
        (facts,) = await db.rows(session, _FACTS)
    assert holds == {before.what for before in portfolio.before} - {"stop"}
    assert holds <= {name.replace(" ", "_") for name in _fates.FATES}
    stops = sum(before.what == "stop" for before in portfolio.before)
    assert facts == {"stops": stops, "texted": 4, "at_work": 1, "shared": 0}


_FACTS = """
select (select count(*) from consent) as stops, (select count(*) from creditor where sms_allowed) as texted,
  (select count(*) from contact_point where employer_provided) as at_work,
  (select count(*) - count(distinct address) from contact_point) as shared
"""
