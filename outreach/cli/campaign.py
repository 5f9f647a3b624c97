"""Campaigns: create, preview, launch, pause, resume, cancel, and how far they are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from outreach.context import Context

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
T = TypeVar("T")

Name = Annotated[str, typer.Argument(help="name of the campaign, as in its file")]
Json = Annotated[bool, typer.Option("--json", help="machine-readable")]
ACTOR = "system:cli"


def _with(act: Callable[[Context], Awaitable[T]]) -> T:
    from outreach import app as service
    from outreach import settings

    async def run() -> T:
        async with service.running(settings.get(), channels_on=False, dialog=False) as context:
            return await act(context)

    return asyncio.run(run())


def _print(value: Any) -> None:
    import json

    print(json.dumps(value, default=lambda v: v.isoformat() if hasattr(v, "isoformat") else str(v)))


@app.command(epilog="Example: outreach campaign create spring-reminder.yaml")
def create(file: Annotated[Path, typer.Argument(help="YAML or JSON")], as_json: Json = False) -> None:
    """Check a campaign file and keep it as a draft."""
    from outreach.campaigns import audience, definition, service
    from outreach.campaigns.definition import DefinitionError

    if not file.is_file():
        raise DefinitionError(f"There is no file {file}.")
    try:
        read = definition.read(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise DefinitionError(f"{file} is not UTF-8 text.") from None

    async def act(context: Context) -> None:
        async with context.session() as session:
            await service.create(session, read, now=context.now(), actor=ACTOR)

    _with(act)
    if as_json:
        _print({"name": read.name, "status": "draft"})
    else:
        print(f"{read.name}: {audience.describe(read.audience)} {len(read.steps)} steps. Draft kept; preview it next.")


@app.command(name="list", epilog="Example: outreach campaign list")
def list_(as_json: Json = False) -> None:
    """All campaigns, newest first."""
    from outreach.campaigns import progress

    async def act(context: Context) -> list[dict[str, Any]]:
        async with context.session() as session:
            return await progress.overview(session)

    campaigns = _with(act)
    if as_json:
        _print(campaigns)
        return
    for row in campaigns:
        print(f"{row['name']:<30} {row['status']:<10} created {row['created_at']:%Y-%m-%d %H:%M}Z")
    if not campaigns:
        print("There are no campaigns yet.")


@app.command(epilog="Example: outreach campaign preview spring-reminder --people")
def preview(
    name: Name,
    people: Annotated[bool, typer.Option("--people", help="one line a person, with all reasons")] = False,
    step: Annotated[int, typer.Option(help="which step", min=1)] = 1,
    as_json: Json = False,
) -> None:
    """Dry run: who would get what now, who later, who not and why. Nothing is written or sent."""
    from outreach.campaigns.definition import DefinitionError, validate
    from outreach.campaigns.preview import Outlook, Preview
    from outreach.campaigns.preview import people as outlooks
    from outreach.campaigns.service import find

    listed: list[dict[str, Any]] = []

    def tell(one: Outlook) -> None:
        if as_json:
            listed.append(_outlook(one))
        else:
            print(_person(one))

    async def act(context: Context) -> Preview:
        total = Preview()
        async with context.session() as session:
            definition = validate((await find(session, name))["definition"])
            if step > len(definition.steps):
                raise DefinitionError(f"Campaign {name} has {len(definition.steps)} steps.")
            stream = outlooks(session, definition, now=context.now(), settings=context.settings, step=step)
            async for one in stream:
                total.add(one)
                if people or as_json:
                    tell(one)
        return total

    total = _with(act)
    if as_json:
        _print(_preview_json(total) | {"people": listed})
    else:
        _preview_table(total)


def _outlook(one: Any) -> dict[str, Any]:
    reasons = [{"code": code, "reason": reason} for code, reason in one.reasons]
    return {
        "ref": one.ref,
        "verdict": one.verdict,
        "channel": one.channel,
        "earliest_at": one.earliest_at,
        "reasons": reasons,
    }


def _person(one: Any) -> str:
    why = "; ".join(f"{reason} [{code}]" for code, reason in one.reasons)
    later = f" until {one.earliest_at:%Y-%m-%d %H:%M}Z" if one.earliest_at else ""
    return f"{one.ref}  {one.verdict}{later}  {one.channel}  {why}".rstrip()


def _preview_json(total: Any) -> dict[str, Any]:
    return {
        "selected": total.selected,
        "sendable": total.sendable,
        "deferred": total.deferred,
        "deferred_until": {at.isoformat(): n for at, n in sorted(total.deferred_until.items())},
        "excluded": dict(total.excluded.most_common()),
        "reasons": total.reasons,
    }


def _preview_table(total: Any) -> None:
    print(f"{total.selected:>8}  people selected")
    print(f"{total.sendable:>8}  can be reached now")
    if total.deferred:
        print(
            f"{total.deferred:>8}  later: {min(total.deferred_until):%H:%M}Z to {max(total.deferred_until):%a %H:%M}Z"
        )
    for code, count in total.excluded.most_common():
        print(f"{count:>8}  {code}: {total.reasons[code]}")


@app.command(epilog="Example: outreach campaign launch spring-reminder")
def launch(name: Name, as_json: Json = False) -> None:
    """Start a draft, now or at the time its file says."""
    from outreach.campaigns import jobs, service

    async def act(context: Context) -> dict[str, Any]:
        now = context.now()
        async with context.session() as session:
            at = await service.launch(session, name, now=now, actor=ACTOR, second_person=False)
            campaign = await service.find(session, name)
            if campaign["status"] == "running":
                await jobs.request_plan(session, campaign["id"])
        return {"name": name, "status": campaign["status"], "starts_at": at}

    found = _with(act)
    if as_json:
        _print(found)
    else:
        print(
            f"{name} is {found['status']}"
            + (f", starts {found['starts_at'].isoformat()}." if found["status"] == "scheduled" else ".")
        )


@app.command(epilog="Example: outreach campaign pause spring-reminder --why 'wrong telephone number in the text'")
def pause(name: Name, why: Annotated[str, typer.Option(help="kept on the trail")] = "", as_json: Json = False) -> None:
    """Nothing more leaves within two seconds; resume goes on where it was."""
    from outreach.campaigns import service

    _steer(name, lambda s, now: service.pause(s, name, now=now, actor=ACTOR, why=why), as_json)


@app.command(epilog="Example: outreach campaign resume spring-reminder")
def resume(name: Name, as_json: Json = False) -> None:
    """Go on: nobody is told twice, nobody is left out."""
    from outreach.campaigns import service

    _steer(name, lambda s, now: service.resume(s, name, now=now, actor=ACTOR, second_person=False), as_json)


@app.command(epilog="Example: outreach campaign cancel spring-reminder --why 'the creditor recalled the file'")
def cancel(name: Name, why: Annotated[str, typer.Option(help="kept on the trail")] = "", as_json: Json = False) -> None:
    """End it for good: what is queued is withdrawn."""
    from outreach.campaigns import service

    _steer(name, lambda s, now: service.cancel(s, name, now=now, actor=ACTOR, why=why), as_json)


def _steer(name: str, act: Callable[..., Awaitable[int]], as_json: bool) -> None:
    from outreach.campaigns import jobs, queue, service

    async def run(context: Context) -> dict[str, Any]:
        async with context.session() as session:
            campaign_id = await act(session, context.now())
            campaign = await service.find(session, name)
            if campaign["status"] == "running":
                await jobs.request_plan(session, campaign_id)
        marked = await queue.mark(context.engine, campaign_id, now=context.now())
        return {"name": name, "status": campaign["status"], "messages": marked}

    found = _with(run)
    if as_json:
        _print(found)
    else:
        print(f"{name} is {found['status']}; {found['messages']} queued messages concerned.")


@app.command(epilog="Example: outreach campaign status spring-reminder --json")
def status(
    name: Name,
    as_json: Json = False,
    watch: Annotated[bool, typer.Option(help="follow until it is finished (default on a terminal)")] = True,
) -> None:
    """How far it is: planned, accepted, delivered, failed, unknown, left out and why."""
    import sys

    from outreach.campaigns import progress, service

    async def once(context: Context) -> dict[str, Any]:
        async with context.session() as session:
            return await progress.status(session, await service.find(session, name), now=context.now())

    if as_json:
        _print(_with(once))
    elif watch and sys.stdout.isatty():
        _with(lambda context: _follow(lambda: once(context)))
    else:
        _report(_with(once))


async def _follow(ask: Callable[[], Awaitable[dict[str, Any]]]) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    found = await ask()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task(found["name"], total=None)
        while found["status"] == "running":
            later = found["deferred"]["count"]
            words = f"{found['name']}: {found['delivered']} delivered" + (f", {later} later" if later else "")
            bar.update(task, description=words, completed=found["settled"], total=max(found["planned"], 1))
            await asyncio.sleep(0.5)
            found = await ask()
    _report(found)


def _report(found: dict[str, Any]) -> None:
    print(f"{found['name']}: {found['status']}" + (f" ({found['paused_why']})" if found["paused_why"] else ""))
    print(found["audience"])
    for part in ("planned", "waiting", "sending", "accepted", "delivered", "failed", "unknown", "withdrawn", "expired"):
        if found[part] or part in {"planned", "accepted", "delivered", "failed", "unknown"}:
            print(f"{found[part]:>8}  {part}")
    later = found["deferred"]
    if later["count"]:
        print(
            f"{later['count']:>8}  of the waiting may leave from {later['from']:%a %H:%M}Z to {later['until']:%a %H:%M}Z"
        )
    for code, count in found["excluded"].items():
        print(f"{count:>8}  left out, {code}: {found['reasons'][code]}")
    for why, count in found["stopped"].items():
        print(f"{count:>8}  stopped: {why}")
    for when, words in (("next_step_at", "next step due"), ("next_run_at", "next run")):
        if found[when]:
            print(f"          {words} {found[when]:%Y-%m-%d %H:%M}Z")
