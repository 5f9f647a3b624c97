"""The one door in. In one transaction: store the message, read it for safety, do the duties, queue the answer.

Safety words do not wait for a dialog: the union of the grammar (compliance.optout) and the trained reader (dialogs) decides, and
what it finds is done before this transaction commits, whatever the dialog makes of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dialogs import understand
from dialogs.dialog import expecting as open_question
from outreach import db
from outreach.compliance import optout
from outreach.context import Context
from outreach.conversations import artefacts, duties
from outreach.messages import inbound as words_in
from scheduler import jobs

#: the medium a channel's words arrive by, where the channel is no provider's
_PROVIDER_SAID = {"STOP": "opt_out", "START": "opt_in", "HELP": "help"}
ANSWER = "conversations.answer"


async def receive(
    session: AsyncSession,
    inbound: words_in.Inbound,
    *,
    context: Context,
    channel: str,
    now: datetime,
    debtor_id: int | None = None,
    verified: bool | None = None,
) -> words_in.Heard | None:
    """Take in one message; None when it was known already or its writer is a stranger (kept in `unrouted_inbound`).

    `debtor_id`: the way in knows who writes (a portal session); `verified`: whether it has proven to be that person.
    Machines' mail is stored and never answered.
    """
    medium = str(context.channels[channel].medium) if channel in context.channels else channel
    clean = replace(inbound, text=understand.mask(inbound.text), full_text=understand.mask(inbound.full_text))
    person = clean.kind in {"reply", "malformed"}
    await artefacts.follow(session)
    asked = await _open_question(session, clean, debtor_id) if person else None
    labels, doubted = read(clean, medium=medium, expecting=asked) if person else Read(frozenset())
    heard = await words_in.store(
        session,
        clean,
        channel=channel,
        medium=medium,
        labels=sorted(labels),
        key=context.key,
        now=now,
        debtor_id=debtor_id,
        verified=verified,
    )
    if isinstance(heard, words_in.Stranger):
        await _honour_stranger(session, clean, labels, medium=medium, now=now)
    # Known already: its duties were done then. Doing an old STOP's again would undo a START said since.
    if not isinstance(heard, words_in.Heard):
        return None
    if person:
        said = _said(clean, medium=medium, now=now, message_id=heard.message_id)
        closes = optout.reading(clean.text, medium=medium).closes
        await duties.perform(session, heard, labels, said, closes=closes)
        await duties.doubt(session, heard.debtor_id, doubted, said, done=labels)
        await jobs.enqueue(
            await session.connection(), ANSWER, queueing_lock=f"answer:{heard.debtor_id}", debtor_id=heard.debtor_id
        )
    return heard


#: what a form cannot stand for, and nobody may overlook in the words beside it
_GRAVE = frozenset(duties.DUTIES)


async def take_form(
    session: AsyncSession, inbound: words_in.Inbound, *, context: Context, channel: str, now: datetime, debtor_id: int
) -> words_in.Heard | None:
    """The words and files of a form (`kind` "form"): stored and read for safety like any others.

    The form itself says what is wished, so no wish is read from the words and no dialog answers. None when known already.
    """
    clean = replace(inbound, text=understand.mask(inbound.text), kind="form")
    # The subject is the form's own words for what was chosen; only the person's are read.
    labels = read(clean, medium=channel).labels & _GRAVE if clean.text.strip() else frozenset()
    heard = await words_in.store(
        session,
        clean,
        channel=channel,
        medium=channel,
        labels=sorted(labels),
        key=context.key,
        now=now,
        debtor_id=debtor_id,
    )
    if not isinstance(heard, words_in.Heard):
        return None
    said = _said(replace(clean, sender=""), medium=channel, now=now, message_id=heard.message_id)
    await duties.perform(session, heard, labels, said, closes=frozenset())
    return heard


def _said(inbound: words_in.Inbound, *, medium: str, now: datetime, message_id: UUID | None = None) -> duties.Said:
    return duties.Said(words=inbound.text, medium=medium, address=inbound.sender, at=now, message_id=message_id)


_MEMORY = """
select c.memory from conversation c where c.open_question is not null and c.debtor_id = coalesce(cast(:d as bigint),
  (select min(p.debtor_id) from contact_point p where p.address = :address having count(distinct p.debtor_id) = 1))
"""


async def _open_question(session: AsyncSession, inbound: words_in.Inbound, debtor_id: int | None) -> str | None:
    """What the dialog asked last; unknown where several people share the address."""
    found = await db.one(session, _MEMORY, d=debtor_id, address=inbound.sender)
    return open_question(found["memory"]) if found else None


class Read(NamedTuple):
    """Labels to act on, and those one reader hears and the other does not believe."""

    labels: frozenset[str]
    doubted: frozenset[str] = frozenset()


def read(inbound: words_in.Inbound, *, medium: str, expecting: str | None = None) -> Read:
    """What both readers together find, or the provider said. `expecting`: the open question."""
    text = inbound.text if inbound.text.strip() else inbound.subject
    heard = optout.reading(text, medium=medium)
    seen = understand.critical(text, channel=medium, expecting=expecting, safety=heard.plain, second=heard.labels)
    found = set(seen.duties) | heard.plain | (heard.labels - understand.CRITICAL - {"opt_in"})
    if inbound.subject and medium == "email":
        found |= optout.read(inbound.subject, medium=medium) & {"opt_out", "cease_communication"}
    if said := _PROVIDER_SAID.get(inbound.opt_out_type.upper()):
        found.add(said)
    return Read(frozenset(found), seen.doubted - found)


async def _honour_stranger(
    session: AsyncSession, inbound: words_in.Inbound, labels: Iterable[str], *, medium: str, now: datetime
) -> None:
    """A stop from an address that belongs to nobody current is still honoured for everyone who ever had it."""
    if not {"opt_out", "wrong_number"} & set(labels) or not inbound.sender:
        return
    found: list[Any] = await db.rows(
        session, "select distinct debtor_id from contact_point where address = :address", address=inbound.sender
    )
    for row in found:
        await duties.stop(session, row["debtor_id"], _said(inbound, medium=medium, now=now), medium=medium, now=now)
