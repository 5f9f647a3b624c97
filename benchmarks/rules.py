"""T1, T8: decisions a second of every kind, and gather, decide and record for a crowd on two cores.

Beside them, in the same run, the floor: the same rows read and dropped, and ready records in by COPY.
`python -m benchmarks.rules 1000000` asks for as many people as wanted.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import uvloop
from msgspec.structs import replace

from benchmarks.stage import NOW, Stage, stage
from outreach import compliance, db, tokens
from outreach.compliance import facts as law
from outreach.messages import facts, judge, outbox, people, records
from outreach.messages.drafts import Draft
from outreach.settings import Settings

BATCH = 500
CORES = 2
#: Where people live: half past ten in New York is before eight in California and Hawaii.
PLACES = (
    ("43215", "OH"),
    ("60601", "IL"),
    ("10001", "NY"),
    ("94103", "CA"),
    ("33602", "FL"),
    ("85001", "AZ"),
    ("96813", "HI"),
)
SAID = law.Content(opt_out_notice=True, opt_out_method="reply_stop_or_link", disclosure_18e="subsequent",
                   disclosure_languages=("en",), license_number=True)  # fmt: skip
_PLACES = """
update debtor set zip = p.zip, state = p.state
from unnest(cast(:zips as text[]), cast(:states as text[])) with ordinality as p(zip, state, n)
where p.n = 1 + debtor.id % :many
"""
#: one in twenty said stop
_REFUSE = """
insert into consent (debtor_id, kind, scope, medium, at, via)
select id, 'refusal', 'medium', 'sms', :at, 'inbound message' from debtor where id % 20 = 0
"""


async def measure(*, count: int) -> dict[str, Any]:
    async with stage(latency_ms=0) as here:
        ids = await _crowd(here, count)
        speed = await _decisions(here, ids[:2000])
        words = await _worded(here, ids[:2000])
        scan = await _spread(_scan, here, ids)
        copy = await _spread(_copy, here, ids)
        work = await _spread(_work, here, ids)
        return {
            **{f"decisions per second, {kind}": round(rate) for kind, rate in speed.items()},
            "people": count,
            "bare scan s": round(scan[0], 2),
            "bare COPY s": round(copy[0], 2),
            "gather, decide, record s": round(work[0], 2),
            "ratio to the floor": round(work[0] / (scan[0] + copy[0]), 1),
            "CPU us a person": round(work[1] / count * 1e6),
            "wording and review us a person": round(words * 1e6),
            "most memory of a process MB": round(work[2]),
        }


async def _crowd(here: Stage, count: int) -> list[int]:
    ids = [i for n in range(0, count, 250_000) for i in await here.crowd(min(250_000, count - n))]
    async with here.context.session() as session:
        zips, states = zip(*PLACES, strict=True)
        await session.execute(sa.text(_PLACES), {"zips": list(zips), "states": list(states), "many": len(PLACES)})
        await session.execute(sa.text(_REFUSE), {"at": NOW - timedelta(days=3)})
    return ids


async def _decisions(here: Stage, ids: Sequence[int]) -> dict[str, float]:
    """Decisions a second over prepared facts, each person's once, by what the answer is."""
    async with here.context.engine.connect() as connection:
        gathered = [f for part in _parts(ids) for f in await _gather(connection, part, here.context.settings)]
    open_ = [f for f in gathered if compliance.decide(f).decision == "allow"]
    past = tuple(
        law.HistoryEntry(id=f"H{n}", at=NOW - timedelta(hours=n), dir="out", medium="sms", kind="campaign")
        for n in (1, 2)
    )
    quiet = law.InconvenientTime(days=("MON", "TUE", "WED", "THU", "FRI"), from_="08:00", to="17:30")
    kinds: dict[str, Callable[[law.Facts], law.Facts]] = {
        "allow": lambda f: f,
        "deny": lambda f: replace(f, opt_outs=(law.OptOut(at=NOW, scope="medium", medium="sms"),)),
        "defer at night": lambda f: replace(f, message=replace(f.message, at=f.message.at + timedelta(hours=14))),
        "defer by our cap": lambda f: replace(f, history=past),
        "defer to a wish": lambda f: replace(f, consumer=replace(f.consumer, inconvenient_times=(quiet,))),
    }
    return {kind: _rate([change(f) for f in open_], kind.split()[0]) for kind, change in kinds.items()}


def _rate(ready: list[law.Facts], wanted: str) -> float:
    """The best of three rounds, in CPU time: what one core does."""
    rates = []
    for _ in range(3):
        began = time.process_time()
        decided = [compliance.decide(f).decision.value for f in ready]
        rates.append(len(ready) / (time.process_time() - began))
        assert set(decided) == {wanted}
    return max(rates)


async def _worded(here: Stage, ids: Sequence[int]) -> float:
    """Seconds a person that a dry run takes beyond gathering and deciding: template, review, routing."""
    drafts = [Draft(debtor_id=i, channel="sms", template="reminder") for i in ids]
    settings = here.context.settings
    async with here.context.session() as session:
        await outbox.preview_many(session, drafts[:100], now=NOW, settings=settings)
        began = time.process_time()
        for part in _parts(drafts):
            await outbox.preview_many(session, part, now=NOW, settings=settings)
        whole = time.process_time() - began
        began = time.process_time()
        connection = await session.connection()
        for part in _parts(ids):
            for each in await _gather(connection, part, settings):
                compliance.decide(each)
    return (whole - (time.process_time() - began)) / len(ids)


def _parts(of: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (of[n : n + BATCH] for n in range(0, len(of), BATCH))


async def _gather(connection: Any, ids: Sequence[int], settings: Settings) -> list[law.Facts]:
    known = await people.load(connection, ids, now=NOW)
    return [facts.facts(known[i], _act(known[i]), settings=settings) for i in ids]


def _act(person: people.Person) -> facts.Act:
    phone = next(p["id"] for p in person["points"] if p["kind"] == "phone")
    owed = [a["id"] for a in person["accounts"]]
    return facts.Act(medium="sms", purpose="campaign", at=NOW, contact_point_id=phone, account_ids=owed, content=SAID)


Job = Callable[[Any, Sequence[int], Settings], Any]


async def _scan(connection: Any, ids: Sequence[int], settings: Settings) -> None:
    """The same rows, read and dropped."""
    driver = await db.driver(connection)
    statement = people._PEOPLE.replace(":now", "%(now)s").replace(":days", "%(days)s").replace(":ids", "%(ids)s")
    async with driver.cursor(binary=True) as cursor:
        await cursor.execute(statement, {"ids": list(ids), "now": NOW, "days": people._LOOK_BACK_DAYS})


async def _copy(connection: Any, ids: Sequence[int], settings: Settings) -> None:
    """As many records, of the size ours have, worded beforehand."""
    ready = _judged(ids[0], _READY)
    row = records._row(tokens.new_id(), ready, stage="plan", now=NOW)
    await db.copy_in(connection, "decision_record", records._COLUMNS, ((row[0], i, *row[2:]) for i in ids))


async def _work(connection: Any, ids: Sequence[int], settings: Settings) -> None:
    gathered = await _gather(connection, ids, settings)
    judged = [(tokens.new_id(), _judged(i, f)) for i, f in zip(ids, gathered, strict=True)]
    await records.store(connection, judged, stage="plan", now=NOW)


_READY = law.Facts(
    message=law.Message(channel="sms", to="P1", at=NOW, content=SAID),
    consumer=law.Consumer(id="1", addresses=(law.Address(zip="43215", state="OH"),)),
    phones=(law.Phone(id="P1", e164="+16145550142", area_code="614", sms_basis=law.SmsBasis(type="direct_consent", at=NOW)),),
    emails=(law.Email(id="E1", address="a@mail.example", email_basis=law.EmailBasis(type="direct_consent", at=NOW)),),
    debts=(law.Debt(id="D1", type="medical", initial_communication_at=NOW, validation=law.Validation(provided_at=NOW)),),
)  # fmt: skip


def _judged(debtor_id: int, facts_: law.Facts) -> judge.Judged:
    return judge.Judged(
        draft=Draft(debtor_id=debtor_id, channel="sms", template="reminder"),
        decision=compliance.decide(facts_),
        channel="sms",
        medium="sms",
        point=None,
        account_ids=(),
        facts=facts_,
        rendition=None,
        values={},
    )


async def _spread(job: Job, here: Stage, ids: list[int]) -> tuple[float, float, float]:
    """Seconds, CPU seconds and most MB of a process for a job over all people, parted between two processes."""
    half = -(-len(ids) // CORES)
    shares = [ids[n : n + half] for n in range(0, len(ids), half)]
    with ProcessPoolExecutor(CORES, mp_context=multiprocessing.get_context("spawn")) as pool:
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(pool, time.sleep, 0.2) for _ in shares))
        began = time.perf_counter()
        args = [(job, share, here.context.settings) for share in shares]
        spent = await asyncio.gather(*(loop.run_in_executor(pool, _process, *each) for each in args))
        seconds = time.perf_counter() - began
    return seconds, sum(cpu for cpu, _ in spent), max(memory for _, memory in spent)


def _process(job: Job, ids: Sequence[int], settings: Settings) -> tuple[float, float]:
    """One process's share, a transaction a batch. CPU seconds and most MB."""

    async def run() -> None:
        engine = db.engine(settings.database_url, pool_size=1)
        for part in _parts(ids):
            async with engine.begin() as connection:
                await job(connection, part, settings)
        await engine.dispose()

    uvloop.run(run())
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if __name__ == "__main__":
    for figure, value in uvloop.run(measure(count=int(sys.argv[1]))).items():
        print(f"{figure}: {value:,}")
