"""The dry run and the run say the same, for any people."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path

from outreach.accounts.intake.service import Intake
from outreach.campaigns import definition, preview
from outreach.cli import _portfolio, _settle
from tests.campaigns.conftest import Desk

STEPS = [{"template": "reminder", "channel": "preferred"}]


async def _preview(desk: Desk, audience: dict[str, object]) -> tuple[preview.Preview, list[preview.Outlook]]:
    plain = {"name": "spring", "audience": audience, "steps": STEPS}
    total, people = preview.Preview(), []
    async with desk.context.session() as session:
        meant = definition.validate(plain)
        async for one in preview.people(session, meant, now=desk.now, settings=desk.context.settings):
            total.add(one)
            people.append(one)
    return total, people


async def test_the_sum_of_all_reasons_is_everyone_selected_and_the_run_agrees(
    desk: Desk, now: datetime, tmp_path: Path
) -> None:
    portfolio = _portfolio.make(accounts=400, seed=11, now=now)
    portfolio.write(tmp_path / "placement.csv")
    await Intake(engine=desk.context.engine, path=tmp_path / "placement.csv", now=now).take()
    async with desk.context.session() as session:
        await _settle.settle(session, portfolio, now=now)
    people = len(await desk.rows("select distinct debtor_id from account where status = 'open'"))

    total, outlooks = await _preview(desk, {})
    assert total.selected == people == total.sendable + total.deferred + sum(total.excluded.values())
    assert min(total.sendable, total.deferred, len(total.excluded)) > 5
    assert all(one.reasons for one in outlooks if one.verdict != "sendable")
    assert not await desk.rows("select 1 from message")

    await desk.plan(await desk.launch(steps=STEPS))
    found = await desk.status()
    assert found["excluded"] == dict(total.excluded)
    assert (found["planned"], found["deferred"]["count"]) == (total.sendable + total.deferred, total.deferred)


async def test_random_audiences_add_up(desk: Desk, now: datetime, tmp_path: Path) -> None:
    portfolio = _portfolio.make(accounts=80, seed=3, now=now)
    portfolio.write(tmp_path / "placement.csv")
    await Intake(engine=desk.context.engine, path=tmp_path / "placement.csv", now=now).take()
    rng = random.Random(1)
    keys: dict[str, list[object]] = {
        "creditor": ["Northlake Bank", ["Northlake Bank", "Redwood Telecom"]],
        "min_balance": [25.0, 400],
        "max_balance": [900.5],
        "state": ["OH", ["ca", "NY", "FL"]],
        "debt_type": ["medical"],
        "language": ["es"],
        "has": ["sms", ["sms", "email"]],
        "min_days_since_default": [200],
        "max_days_since_default": [600],
        "not_contacted_days": [7],
        "relationship": ["first_party"],
        "placed_within_days": [3],
    }
    for _ in range(30):
        chosen = rng.sample(sorted(keys), rng.randint(1, 3))
        total, outlooks = await _preview(desk, {key: rng.choice(keys[key]) for key in chosen})
        assert total.selected == len({one.debtor_id for one in outlooks})
        assert total.selected == total.sendable + total.deferred + sum(total.excluded.values())


async def test_a_clean_check_of_the_number_renews_an_old_consent_to_texts(desk: Desk) -> None:
    for ref, checked in (("P1", 10), ("P2", 61)):
        debtor = await desk.debtor(ref)
        await desk.do(
            "update contact_point set basis_at = cast(:now as timestamptz) - interval '200 days',"
            " reassigned_checked_at = cast(:now as timestamptz) - make_interval(days => :ago),"
            " reassigned_result = 'not_reassigned' where kind = 'phone' and debtor_id = :who",
            now=desk.now,
            ago=checked,
            who=debtor,
        )
    _, people = await _preview(desk, {})
    # No wish was stated: where texts are closed for want of a fresh consent, the mailbox is open.
    assert {one.ref: (one.verdict, one.channel) for one in people} == {
        "P1": ("sendable", "sms"),
        "P2": ("sendable", "email"),
    }
