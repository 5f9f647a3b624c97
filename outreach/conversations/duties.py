"""What the law asks for at once (dialog-spec section 5), in the transaction that stores the message. Idempotent: saying it twice,
or the dialog wishing the same a second later, changes nothing more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.accounts import service as accounts
from outreach.accounts.models import HoldReason, PointStatus
from outreach.cases import service as cases
from outreach.consents import service as consents
from outreach.disputes import service as disputes
from outreach.disputes.models import DisputeKind
from outreach.messages import silence
from outreach.messages.inbound import Heard
from outreach.plans import changes


@dataclass(frozen=True, slots=True)
class Duty:
    """A hold on the person, and the case that goes with it."""

    hold: HoldReason
    case: str | None
    priority: str = "normal"


DUTIES: dict[str, Duty] = {
    "cease_communication": Duty(HoldReason.CEASE, "cease"),
    "attorney_representation": Duty(HoldReason.ATTORNEY, "attorney", "high"),
    "bankruptcy": Duty(HoldReason.BANKRUPTCY, "bankruptcy", "high"),
    "deceased": Duty(HoldReason.DECEASED, "deceased", "high"),
    "identity_theft": Duty(HoldReason.IDENTITY_THEFT, "identity_theft", "high"),
    "servicemember": Duty(HoldReason.SERVICEMEMBER, "servicemember", "high"),
    "minor": Duty(HoldReason.MINOR, "minor", "high"),
    # Which of the two it is, the dialog says; silence does not wait for that.
    "threat_or_self_harm": Duty(HoldReason.SELF_HARM, None, "urgent"),
}
DISPUTES: dict[str, tuple[DisputeKind, str | None]] = {
    "identity_theft": (DisputeKind.DISPUTE, "identity_theft"),
    "dispute": (DisputeKind.DISPUTE, None),
    "request_validation": (DisputeKind.VALIDATION, None),
    "original_creditor_request": (DisputeKind.ORIGINAL_CREDITOR, None),
}
ACTOR = "debtor:{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words of a person, as far as a duty needs them."""

    words: str
    #: where they were said
    medium: str
    #: from which number or mailbox; "" where it says nothing
    address: str
    at: datetime
    message_id: UUID | None = None

    @property
    def via(self) -> str:
        return "portal" if self.medium == "web" else self.medium


async def perform(
    session: AsyncSession, heard: Heard, labels: Iterable[str], said: Said, *, closes: frozenset[str]
) -> None:
    """Do every duty the labels call for. `closes`: media the words refuse by name."""
    found = set(labels)
    if reads_elsewhere(found):
        await wrong_address(session, heard.debtor_ids, said, now=said.at)
    if "opt_out" in found or ("channel_preference" in found and closes):
        # What the words name is closed ("stop emailing me", in a text); a bare stop means where it was said.
        # A number may belong to several people's files: the stop holds for each of them.
        for debtor_id in heard.debtor_ids:
            for medium in sorted(closes or {said.medium}):
                await stop(session, debtor_id, said, medium=medium, now=said.at)
    elif "opt_in" in found and heard.contact_point_id is not None:
        await start(session, heard.debtor_id, said, medium=said.medium, now=said.at)
    for label in sorted(found & DUTIES.keys()):
        await _hold(session, heard.debtor_id, said, DUTIES[label])
    for label in [name for name in DISPUTES if name in found]:
        kind, reason = DISPUTES[label]
        await dispute(session, heard.debtor_id, said, kind=kind, reason=reason, now=said.at)


#: what may not be overlooked because only one of two readers heard it
_GRAVE = frozenset({"opt_out", "wrong_number", *DUTIES, *DISPUTES})


async def doubt(
    session: AsyncSession, debtor_id: int, labels: Iterable[str], said: Said, *, done: Iterable[str]
) -> None:
    """Two readers disagree about a grave word: nothing more is sent until a person has looked.

    `done`: what was acted on. Where that silenced everything and called a person already, a doubt adds nothing.
    """
    held = any(DUTIES[label].case for label in DUTIES.keys() & set(done))
    if held or not (grave := sorted(_GRAVE.intersection(labels))):
        return
    note = f"Heard by one of two readers: {', '.join(grave)}. {said.words[:400]}"
    signed: dict[str, Any] = {"now": said.at, "debtor_id": debtor_id, "actor": ACTOR.format(debtor_id)}
    await silence.hold(session, reason=HoldReason.MANUAL, note=note, **signed)
    summary = {"message": said.words[:1000], "doubted": grave}
    await cases.open(session, reason="low_confidence", message_id=said.message_id, summary=summary, **signed)


def reads_elsewhere(labels: Iterable[str]) -> bool:
    """Somebody else reads there. "Talk to my lawyer, not me" is no stranger."""
    return "wrong_number" in labels and "attorney_representation" not in labels


async def _hold(session: AsyncSession, debtor_id: int, said: Said, duty: Duty) -> None:
    signed: dict[str, Any] = {"now": said.at, "debtor_id": debtor_id, "actor": ACTOR.format(debtor_id)}
    await silence.hold(session, reason=duty.hold, note=said.words[:500], **signed)
    if duty.case:
        summary = {"message": said.words[:1000]}
        await cases.open(
            session, reason=duty.case, priority=duty.priority, message_id=said.message_id, summary=summary, **signed
        )


async def stop(session: AsyncSession, debtor_id: int, said: Said, *, medium: str, now: datetime) -> None:
    """Silence the medium, once: a second STOP is read and recorded, not doubled."""
    if await consents.refused_at(session, debtor_id=debtor_id, medium=medium):
        return
    await silence.opt_out(
        session,
        now=now,
        debtor_id=debtor_id,
        medium=medium,
        via="message",
        actor=ACTOR.format(debtor_id),
        words=said.words,
        address=said.address,
        message_id=said.message_id,
    )


async def start(session: AsyncSession, debtor_id: int, said: Said, *, medium: str, now: datetime) -> None:
    """A request to be written to again. A refusal that came after it was said stands."""
    refused = await consents.refused_at(session, debtor_id=debtor_id, medium=medium)
    if refused and refused <= said.at:
        await silence.opt_in(
            session,
            now=now,
            debtor_id=debtor_id,
            medium=medium,
            via="message",
            actor=ACTOR.format(debtor_id),
            words=said.words,
            message_id=said.message_id,
        )


async def wrong_address(session: AsyncSession, debtor_ids: Iterable[int], said: Said, *, now: datetime) -> None:
    """Somebody else reads there: the address is dead for all debts of everyone (12 CFR 1006.6(d)(3))."""
    for debtor_id in debtor_ids:
        await silence.silence(
            session, now=now, debtor_id=debtor_id, why="not this person's address", medium=said.medium
        )
    if said.address:
        actor = f"reader:{said.medium}"
        await accounts.mark_point(session, now=now, address=said.address, status=PointStatus.WRONG_PARTY, actor=actor)


async def dispute(
    session: AsyncSession,
    debtor_id: int,
    said: Said,
    *,
    kind: DisputeKind,
    reason: str | None,
    now: datetime,
    account_ref: str | None = None,
) -> None:
    """Freeze first: every open account, or the one named. A person confirms."""
    found = await db.rows(
        session,
        "select id, ref from account where debtor_id = :d and status = 'open' and (cast(:ref as text) is null or ref like '%' || :ref)",
        d=debtor_id,
        ref=account_ref,
    )
    digits = set(re.findall(r"(?<![\d$])\d{4,}(?![\d.])", said.words))
    named = [a for a in found if a["ref"][-4:] in digits]
    for account in named or found:
        await dispute_account(
            session,
            now=now,
            account_id=account["id"],
            kind=kind,
            reason=reason,
            via=said.via,
            actor=ACTOR.format(debtor_id),
            text=said.words,
            message_id=said.message_id,
        )


async def dispute_account(
    session: AsyncSession, *, now: datetime, account_id: int, actor: str, **said: Any
) -> disputes.Opened:
    """Freeze one account, its plan first. `said` is what `disputes.open` takes."""
    suspended = await changes.suspend(session, now=now, account_id=account_id, actor=actor, why="disputed")
    return await disputes.open(
        session, now=now, account_id=account_id, actor=actor, on_plan=suspended is not None, **said
    )
