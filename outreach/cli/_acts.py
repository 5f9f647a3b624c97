"""The first acts: placements are taken in, a campaign is previewed, launched and followed."""

from __future__ import annotations

import asyncio

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from outreach.campaigns.preview import Preview
from outreach.cli._demo import Stage, console

CAMPAIGN = """
name: spring-reminder
audience: {min_balance: 25.00}
steps:
  - {template: reminder, channel: preferred, after_days: 0}
  - {template: reminder, channel: email, after_days: 3}
stop_when: [replied, paid, plan_agreed]
schedule: {at: now}
rate: {sms: 100, email: 60}
"""


async def intake(stage: Stage) -> None:
    """A placement file goes in; what is known besides is put on record."""
    from outreach.accounts.intake.service import Intake
    from outreach.cli import _portfolio, _settle

    now = stage.context.now()
    console.rule("[bold]1 · Placements")
    portfolio = _portfolio.make(accounts=stage.accounts, seed=stage.seed, now=now)
    path = stage.folder / "placements.csv"
    portfolio.write(path)
    with Progress(TextColumn("reading {task.description}"), BarColumn(), console=console, transient=True) as bar:
        task = bar.add_task(path.name, total=path.stat().st_size)
        report = await Intake(
            engine=stage.context.engine, path=path, now=now, progress=lambda done: bar.update(task, completed=done)
        ).take()
    async with stage.context.session() as session:
        await _settle.settle(session, portfolio, now=now)
    console.print(
        f"{report.rows} rows: {report.new} new accounts, {report.refused} refused; holds and opt-outs on record."
    )


async def campaign(stage: Stage) -> None:
    """Preview with a reason for everybody left out, then launch and watch."""
    from outreach.campaigns import definition, jobs, preview, service

    context = stage.context
    console.rule("[bold]2 · Campaign")
    async with context.session() as session:
        wanted = definition.read(CAMPAIGN)
        await service.create(session, wanted, now=context.now(), actor="system:demo")
    seen = preview.Preview()
    async with context.session() as session:
        async for person in preview.people(session, wanted, now=context.now(), settings=context.settings):
            seen.add(person)
    console.print(_reasons(seen))
    async with context.session() as session:
        await service.launch(session, wanted.name, now=context.now(), actor="system:demo", second_person=False)
        found = await service.find(session, wanted.name)
        await jobs.request_plan(session, found["id"])
    await _follow(stage, wanted.name)


def _reasons(seen: Preview) -> Table:
    table = Table(title=f"Preview: {seen.selected} people chosen, and why not all hear of it", title_justify="left")
    table.add_column("people", justify="right")
    table.add_column("rule")
    table.add_column("what")
    table.add_row(str(seen.sendable), "", "may be written to now")
    for at, people in sorted(seen.deferred_until.items()):
        table.add_row(str(people), "", f"from {at:%a %d %b, %H:%M} UTC, when their window opens")
    for code, people in seen.excluded.most_common():
        table.add_row(str(people), code, seen.reasons[code])
    return table


async def _follow(stage: Stage, name: str) -> None:
    """A bar until nothing more can leave now; what waits for its window is told."""
    from outreach.campaigns import progress, service

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("sending", total=None)
        while True:
            async with stage.context.session() as session:
                found = await service.find(session, name)
                now = await progress.status(session, found, now=stage.context.now())
            leaving = now["planned"] - now["deferred"]["count"]
            bar.update(task, completed=now["settled"], total=max(leaving, 1))
            if now["all_enrolled"] and not now["to_plan"] and now["settled"] >= leaving:
                return
            await asyncio.sleep(0.3)


async def doors(stage: Stage) -> None:
    """Where to look around."""
    from outreach.cli import _doors

    await _doors.show(stage)
