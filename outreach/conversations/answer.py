"""One thread's unanswered messages, in order: a turn each, its outcomes done, its reply through the one door, one commit a turn.

Silent while a person holds the thread; until someone claims it, an escalated thread is still answered.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from dialogs.turn import Facts, Heard, Say, Turn, WantsHuman, WantsLink
from outreach import db, tokens
from outreach.compliance import geo, optout
from outreach.context import Context
from outreach.conversations import artefacts, deeds, situation
from outreach.messages import outbox, people
from outreach.messages.drafts import Draft

_NEXT = """
select m.id, m.debtor_id, m.created_at, m.medium, m.channel, m.text, m.subject, m.contact_point_id, m.address, m.labels,
  m.content, m.in_reply_to
from message m where m.debtor_id = :d and m.direction = 'in' and m.status = 'received' and m.purpose in ('reply', 'malformed')
order by m.created_at, m.id limit 1
"""
_WAITS = "select unanswered_since is not null from thread where debtor_id = :d"
#: a figure, an offer, a request about paying: more than an acknowledgement of what was heard
_COLLECTS = re.compile(
    r"\$|\b(?:plan_(?!cancelled)|pay_|promise|reschedule|balance|details|hardship_figure|ask_account|settlement)"
)
_HELD = "select held_by from thread where debtor_id = :d for update"


async def answer(context: Context, *, debtor_id: int) -> int:
    """Answer what waits on this thread; returns how many messages. Two workers take turns by the thread's row lock."""
    answered, more = 0, True
    while more:
        one, more = await _one(context, debtor_id)
        answered += one
    return answered


async def _one(context: Context, debtor_id: int) -> tuple[bool, bool]:
    """(a message was answered, another waits). What arrives later brings a job of its own."""
    async with context.session() as session:
        thread = await db.one(session, _HELD, d=debtor_id)
        if thread is None or thread["held_by"] is not None:
            return False, False
        message = await db.one(session, _NEXT, d=debtor_id)
        if message is None:
            return False, False
        await take_turn(session, context, debtor_id, message, now=context.now())
        return True, bool(await session.scalar(sa.text(_WAITS), {"d": debtor_id}))


async def take_turn(
    session: AsyncSession, context: Context, debtor_id: int, message: Mapping[str, Any], *, now: datetime
) -> Turn:
    """One inbound message through the dialog, everything it wishes done in this transaction."""
    started = time.perf_counter()
    await artefacts.follow(session)
    person = (await people.load(session, [debtor_id], now=now))[debtor_id]
    memory = await _memory(session, debtor_id, now=now)
    link = f"{context.settings.base_url}/l/{(token := tokens.new_token())}"
    facts = await situation.facts(session, context, person, message, memory=memory, link=link)
    turn: Turn = await context.dialog.take_turn(memory, _heard(message, person, now), facts)
    await deeds.do(session, context, person, message, turn, now=now)
    if any(isinstance(outcome, WantsLink) for outcome in turn.outcomes) or any(link in say.text for say in turn.said):
        await _keep_link(session, message, token, now=now)
    crisis = any(isinstance(o, WantsHuman) and o.reason in {"self_harm", "threat"} for o in turn.outcomes)
    for say in turn.said:
        await _say(session, context, message, say, facts, crisis=crisis, now=now)
    await _remember(session, debtor_id, message, turn, now=now, milliseconds=(time.perf_counter() - started) * 1000)
    return turn


def _heard(message: Mapping[str, Any], person: people.Person, now: datetime) -> Heard:
    text = message["text"] if message["text"].strip() else message["subject"]
    return Heard(
        text=text,
        medium=message["medium"],
        at=now,
        today=now.astimezone(local_zone(person)).date(),
        safety=frozenset(message["labels"]),
        closes=optout.reading(text, medium=message["medium"]).closes,
    )


def local_zone(person: people.Person) -> ZoneInfo:
    """One zone for reading dates back: where the person said to be, or lives."""
    place = geo.place_of_zip(person["zip"] or "")
    zones = place.zones if place else geo.zones_of_state(person["state"] or "") or frozenset()
    return ZoneInfo(person["stated_timezone"] or min(zones, default="America/New_York"))


async def _memory(session: AsyncSession, debtor_id: int, *, now: datetime) -> dict[str, Any]:
    """The person's memory over all channels; the row is there from the first turn on."""
    await session.execute(
        sa.text("insert into conversation (debtor_id, updated_at) values (:d, :now) on conflict do nothing"),
        {"d": debtor_id, "now": now},
    )
    found = await db.one(session, "select memory from conversation where debtor_id = :d", d=debtor_id)
    return dict(found["memory"]) if found else {}


async def _keep_link(session: AsyncSession, message: Mapping[str, Any], token: str, *, now: datetime) -> None:
    """It is tied to the message it answers: "this is not me" then names the address it went to."""
    await session.execute(
        sa.text(
            "insert into link (debtor_id, message_id, token_hash, purpose, created_at, expires_at)"
            " values (:d, :message, :hash, 'portal', :now, :until)"
        ),
        {
            "d": message["debtor_id"],
            "message": message["id"],
            "hash": tokens.digest(token),
            "now": now,
            "until": now + outbox.LINK_LIVES,
        },
    )


async def _say(
    session: AsyncSession,
    context: Context,
    message: Mapping[str, Any],
    say: Say,
    facts: Facts,
    *,
    crisis: bool,
    now: datetime,
) -> None:
    """The reply enters by the one door like everything else; it goes where the question came from."""
    # what is said of one account does not wait for another's dispute
    named = {a.ref for a in facts.accounts if a.ref[-4:] in say.text} or {a.ref for a in facts.accounts if not a.held}
    refs = (named or {a.ref for a in facts.accounts}) if say.about_account else set()
    accounts = await db.rows(
        session,
        "select id from account where debtor_id = :d and ref = any(:refs)",
        d=_debtor(message),
        refs=sorted(refs),
    )
    draft = Draft(
        debtor_id=_debtor(message),
        channel=message["channel"],
        purpose=say.purpose,
        text=say.text,
        subject=_subject(message, facts),
        account_ids=[a["id"] for a in accounts],
        in_reply_to=message["id"],
        contact_point_id=message["contact_point_id"],
        language=say.language,
        priority=0,
        notices=say.notices,
        about_debt=say.about_account,
        acknowledgement=not (say.about_account and _COLLECTS.search(f"{say.template} {say.text}")),
        crisis=crisis,
    )
    sent = await outbox.submit(session, draft, now=now, settings=context.settings)
    if say.about_account and sent.status == "queued":
        await session.execute(
            sa.text("update conversation set disclosed_at = coalesce(disclosed_at, :now) where debtor_id = :d"),
            {"now": now, "d": _debtor(message)},
        )


def _subject(message: Mapping[str, Any], facts: Facts) -> str:
    """Of a mail: theirs, or our neutral one. Never anything about a debt."""
    theirs = str(message["subject"])
    if theirs:
        return theirs if theirs.lower().startswith("re:") else f"Re: {theirs}"
    return f"A message from {facts.company['name']}"


def _debtor(message: Mapping[str, Any]) -> int:
    found: int = message["debtor_id"]
    return found


async def _remember(
    session: AsyncSession,
    debtor_id: int,
    message: Mapping[str, Any],
    turn: Turn,
    *,
    now: datetime,
    milliseconds: float,
) -> None:
    question = turn.memory.get("asked") or ("plan" if turn.memory.get("form") else None)
    await session.execute(
        sa.text(
            "update conversation set memory = cast(:memory as jsonb), updated_at = :now, open_question = :question,"
            " open_since = :since where debtor_id = :d"
        ).bindparams(sa.bindparam("question", type_=sa.Text), sa.bindparam("since", type_=sa.DateTime(timezone=True))),
        {
            "memory": json.dumps(dict(turn.memory), default=str),
            "now": now,
            "question": str(question) if question else None,
            "since": now if question else None,
            "d": debtor_id,
        },
    )
    await session.execute(
        sa.text(
            "insert into turn (inbound_id, debtor_id, at, engine, intent, intents, slots, action, outcomes, said, milliseconds)"
            " values (:inbound, :d, :now, :engine, :intent, :intents, cast(:slots as jsonb), :action, cast(:outcomes as jsonb),"
            " cast(:said as jsonb), :ms)"
        ),
        {
            "inbound": message["id"],
            "d": debtor_id,
            "now": now,
            "engine": "embedded",
            "intent": turn.intent,
            "intents": list(turn.intents),
            "slots": json.dumps(_public(turn.slots), default=str),
            "action": turn.action,
            "outcomes": json.dumps([{type(o).__name__: asdict(o)} for o in turn.outcomes], default=str),
            "said": json.dumps([s.template for s in turn.said]),
            "ms": milliseconds,
        },
    )
    await session.execute(sa.text("update message set status = 'answered' where id = :id"), {"id": message["id"]})
    await session.execute(
        sa.text(
            "update thread set unanswered_since = (select min(created_at) from message where debtor_id = :d"
            " and direction = 'in' and status = 'received' and purpose in ('reply', 'malformed')) where debtor_id = :d"
        ),
        {"d": debtor_id},
    )


def _public(slots: Mapping[str, Any]) -> dict[str, Any]:
    """Identity answers are never kept in clear."""
    return {k: "***" if k in {"zip", "dob", "ssn_last4"} else v for k, v in slots.items()}
