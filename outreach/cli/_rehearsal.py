"""What `outreach rehearse` does: ticks of a standing clock through campaigns, answers, plans and payments."""

from __future__ import annotations

import json
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from channels.carrier import Carrier
from channels.contract import Inbound
from outreach import db
from outreach.cli._demo import opening
from outreach.cli._play import StandingClock
from outreach.context import Context

CAMPAIGN = """
name: ninety-days
audience: {min_balance: 25.00}
steps:
  - {template: reminder, channel: preferred, after_days: 0}
  - {template: reminder, channel: email, after_days: 7}
  - {template: reminder, channel: sms, after_days: 21}
  - {template: reminder, channel: preferred, after_days: 45}
stop_when: [replied, paid, plan_agreed]
schedule: {at: now}
"""
#: hours UTC of a day's ticks: morning in the east, noon, afternoon, evening in the west, night
TICKS = (13, 16, 19, 23, 27)
#: what people answer, and how many of a hundred who heard from us say it
ANSWERS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (6, ("could i pay 100 a month starting the 1st", "yes")),
    (3, ("whats my balance",)),
    (3, ("this is not mine",)),
    (2, ("STOP",)),
    (1, ("my lawyer handles this, talk to him",)),
    (2, ("i lost my job, cant pay", "can i talk to someone")),
    (1, ("wrong number",)),
    (2, ("i will send 60 next friday",)),
)
#: of a hundred instalments due, so many are paid in time
PAYS = 85

_REACHED = """
select distinct on (m.debtor_id) m.debtor_id, m.channel, m.address from message m
where m.direction = 'out' and m.campaign_id is not null and m.sent_at >= :since and m.status in ('accepted', 'sent', 'delivered')
order by m.debtor_id, m.sent_at desc
"""
_DUE = """
select i.id, i.amount_cents - i.paid_cents as cents, p.account_id from installment i join plan p on p.id = i.plan_id
where p.status in ('agreed', 'active') and i.paid_cents < i.amount_cents and i.due_date = :day
"""
_FIGURES = """
select (select count(*) from message where direction = 'out' and sent_at is not null) as sent,
  (select count(distinct debtor_id) from message where direction = 'out' and status = 'denied') as left_out,
  (select count(*) from message where direction = 'in') as answers,
  (select count(*) from plan where agreed_at is not null) as plans,
  (select count(*) from payment where amount_cents > 0) as payments,
  (select coalesce(sum(amount_cents), 0) from payment) as paid_cents,
  (select count(*) from dispute) as disputes,
  (select count(distinct debtor_id) from consent where kind = 'refusal') as stops,
  (select count(*) from cases where status <> 'closed') as open_cases
"""


@dataclass
class Rehearsal:
    context: Context
    clock: StandingClock
    dice: random.Random
    spoken: set[int] = field(default_factory=set)
    weeks: list[dict[str, Any]] = field(default_factory=list)


async def rehearse(*, days: int, accounts: int, seed: int, as_json: bool) -> None:
    """Play `days` from the next weekday morning on; print the weeks and the auditor's findings."""
    console = Console(highlight=False, stderr=as_json)
    async with _raised(accounts=accounts, seed=seed) as stage:
        columns = (TextColumn("day {task.completed:.0f} of {task.total:.0f}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("", total=days)
            start = stage.clock.at
            for day in range(days):
                await _day(stage, start + timedelta(days=day))
                bar.update(task, completed=day + 1)
                if day % 7 == 6 or day == days - 1:
                    stage.weeks.append({"day": day + 1, **await _figures(stage)})
        found = await _audit(stage)
        again = await _replayed(stage)
    if as_json:
        print(json.dumps({"weeks": stage.weeks, "violations": found, "replayed": again}, default=str))
    else:
        console.print(_table(stage.weeks))
        summary = "\n".join(f"{n} x {check}" for check, n in found.items())
        console.print(summary or "The auditor found no send that a rule would have forbidden.")
        made = ", ".join(f"{n:,} {verdict}" for verdict, n in again.items())
        console.print(f"Decisions made again from their recorded facts: {made}.")
    raise typer.Exit(1 if found or again.get("different") else 0)


async def _replayed(stage: Rehearsal) -> Counter[str]:
    """How the decisions on record come out when they are made again."""
    from outreach.reports import replay

    async with stage.context.engine.connect() as connection:
        return Counter([str(r.verdict) async for r in replay.replay(connection, settings=stage.context.settings)])


@asynccontextmanager
async def _raised(*, accounts: int, seed: int) -> AsyncIterator[Rehearsal]:
    """A database of its own, the carrier in-process, a portfolio taken in and a campaign launched."""
    import channels
    from outreach import app, settings
    from outreach.cli import _virtual
    from outreach.messages import lanes

    base = settings.get()
    app.load_jobs()
    with tempfile.TemporaryDirectory(prefix="outreach-rehearsal-") as folder:
        async with Carrier(stop_handling=False) as carrier:
            configured = _virtual.settings(base, carrier, Path(folder))
            async with app.running(configured) as real:
                clock = StandingClock(opening(datetime.now(UTC)))
                values = configured.values() | {"secret_key": real.key.hex()}
                context = Context(
                    settings=configured,
                    engine=real.engine,
                    sessions=real.sessions,
                    clock=clock,
                    key=real.key,
                    channels=channels.build(values, clock=clock.now),
                    dialog=real.dialog,
                )
                async with context.session() as session:
                    await lanes.ensure(session, settings=configured, now=clock.now())
                await _begin(context, Path(folder), accounts=accounts, seed=seed)
                yield Rehearsal(context, clock, random.Random(seed))  # noqa: S311 - repeatable on purpose
                for adapter in context.channels.values():
                    await adapter.aclose()


async def _begin(context: Context, folder: Path, *, accounts: int, seed: int) -> None:
    from outreach.accounts.intake.service import Intake
    from outreach.campaigns import definition, service
    from outreach.cli import _portfolio, _settle

    now = context.now()
    portfolio = _portfolio.make(accounts=accounts, seed=seed, now=now)
    portfolio.write(folder / "placements.csv")
    await Intake(engine=context.engine, path=folder / "placements.csv", now=now).take()
    async with context.session() as session:
        await _settle.settle(session, portfolio, now=now)
        await service.create(session, definition.read(CAMPAIGN), now=now, actor="system:rehearsal")
    async with context.session() as session:
        await service.launch(session, "ninety-days", now=now, actor="system:rehearsal", second_person=False)


async def _day(stage: Rehearsal, day: datetime) -> None:
    for hour in TICKS:
        stage.clock.move(max(timedelta(), day.replace(hour=0, minute=30) + timedelta(hours=hour) - stage.clock.at))
        since = stage.clock.at
        await _work(stage.context)
        if hour != TICKS[-1]:
            await _people_answer(stage, since)
    await _people_pay(stage)
    stage.spoken.clear()


async def _work(context: Context) -> None:
    """One round of what clock and workers do: timers' jobs, campaign slices, threads, lanes."""
    from outreach.campaigns import jobs as campaigns
    from outreach.cases import jobs as cases
    from outreach.conversations import jobs as conversations
    from outreach.disputes import jobs as disputes
    from outreach.messages import jobs as messages
    from outreach.plans import jobs as plans

    for job in (
        cases.wake,
        disputes.watch,
        plans.remind,
        plans.follow,
        plans.miss,
        plans.forget,
        plans.sweep_promises,
        conversations.sweep,
        messages.sweep_leases,
        campaigns.sweep,
    ):
        await job(context)
    async with context.session() as session:
        running = await db.rows(session, "select id from campaign where status = 'running'")
    for campaign in running:
        await campaigns.plan(context, campaign_id=campaign["id"])
    await _deliver(context)


async def _deliver(context: Context) -> None:
    from outreach.messages import lanes
    from outreach.messages.delivery import Loop

    loop = Loop(context)
    for channel in context.channels:
        for campaign in (False, True):
            await loop.drain(lanes.lane_of(channel, campaign=campaign))


async def _people_answer(stage: Rehearsal, since: datetime) -> None:
    async with stage.context.session() as session:
        reached = await db.rows(session, _REACHED, since=since)
    for person in reached:
        roll = stage.dice.random() * 100
        for share, says in ANSWERS:
            roll -= share
            if roll < 0 and person["debtor_id"] not in stage.spoken:
                stage.spoken.add(person["debtor_id"])
                for words in says:
                    await _say(stage, person, words)
                break


async def _say(stage: Rehearsal, person: Any, words: str) -> None:
    from outreach import conversations
    from outreach.conversations import answer

    context = stage.context
    stage.clock.move(timedelta(seconds=40))
    heard = Inbound(provider_id=f"rehearsal-{uuid4()}", sender=person["address"], to="us", text=words)
    async with context.session() as session:
        await conversations.receive(session, heard, context=context, channel=person["channel"], now=context.now())
    await answer.answer(context, debtor_id=person["debtor_id"])
    await _deliver(context)


async def _people_pay(stage: Rehearsal) -> None:
    from outreach.plans import following

    now = stage.clock.at
    async with stage.context.session() as session:
        for due in await db.rows(session, _DUE, day=now.date()):
            if stage.dice.random() * 100 < PAYS:
                await following.apply_payment(
                    session,
                    now=now,
                    account_id=due["account_id"],
                    amount_cents=due["cents"],
                    paid_at=now,
                    reference=f"rehearsal-{due['id']}",
                    actor="system:rehearsal",
                    method="online",
                )


async def _figures(stage: Rehearsal) -> dict[str, Any]:
    async with stage.context.session() as session:
        return dict(await db.one(session, _FIGURES) or {})


async def _audit(stage: Rehearsal) -> Counter[str]:
    from outreach.reports import auditor

    async with stage.context.engine.connect() as connection:
        return Counter(
            [violation.check async for violation in auditor.audit_sends(connection, settings=stage.context.settings)]
        )


def _table(weeks: list[dict[str, Any]]) -> Table:
    table = Table(title="What would become of it, counted from the first day", title_justify="left")
    for name in weeks[0]:
        table.add_column(name.replace("_cents", ", $").replace("_", " "), justify="right")
    for week in weeks:
        table.add_row(*(f"{v / 100:,.0f}" if k.endswith("_cents") else f"{v:,}" for k, v in week.items()))
    return table
