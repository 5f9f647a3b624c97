"""The closing page of the demo: what became of everyone, from the same queries the console shows."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from outreach import db
from outreach.cli._demo import Stage, console

_SENT = """
select channel, status, count(*) as n from message where direction = 'out' group by 1, 2 order by 1, 2
"""
_DEFERRED = """
select date_trunc('hour', not_before) as at, count(*) as n from message
where direction = 'out' and status = 'queued' and not_before > :now group by 1 order by 1
"""
_LEFT_OUT = """
select code, min(reason) as reason, count(distinct debtor_id) as n from message
where direction = 'out' and status = 'denied' and campaign_id is not null group by code order by n desc
"""
_CAME_OF_IT = """
select 'wrote back' as what, count(distinct debtor_id) as n from message where direction = 'in'
union all select 'agreed on a plan', count(*) from plan where status in ('agreed', 'active')
union all select 'promised a payment', count(*) from promise where status = 'open'
union all select 'disputed or asked for proof', count(distinct debtor_id) from dispute where received_at > :start
union all select 'asked us to stop', count(distinct debtor_id) from consent where kind = 'refusal' and at > :start
union all select 'waiting for a person', count(distinct debtor_id) from cases where status <> 'closed'
"""


async def closing(stage: Stage) -> None:
    """Sent, deferred until when, left out and why, and what came of it."""
    console.rule("[bold]4 · What became of it")
    now = stage.context.now()
    start = stage.context.settings.now
    async with stage.context.session() as session:
        sent = await db.rows(session, _SENT)
        deferred = await db.rows(session, _DEFERRED, now=now)
        left_out = await db.rows(session, _LEFT_OUT)
        came = await db.rows(session, _CAME_OF_IT, start=start)
    console.print(_table("Sent", ("channel", "state", "messages"), [(r["channel"], r["status"], r["n"]) for r in sent]))
    waits = [(f"{r['at']:%a %d %b, %H:%M} UTC", r["n"]) for r in deferred]
    console.print(_table("Waiting for their window", ("from", "messages"), waits))
    console.print(_table("Left out", ("rule", "why", "people"), [(r["code"], r["reason"], r["n"]) for r in left_out]))
    console.print(_table("What came of it", ("", "people"), [(r["what"], r["n"]) for r in came]))


def _table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> Table:
    table = Table(title=title, title_justify="left", min_width=60)
    for name in columns[:-1]:
        table.add_column(name)
    table.add_column(columns[-1], justify="right")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    return table
