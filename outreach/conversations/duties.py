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


async def perform(
    session: AsyncSession,
    heard: Heard,
    labels: Iterable[str],
    *,
    closes: frozenset[str],
    medium: str,
    words: str,
    address: str,
    now: datetime,
) -> None:
    """Do every duty the labels call for. `closes`: media the words refuse by name."""
    found = set(labels)
    actor = ACTOR.format(heard.debtor_id)
    if reads_elsewhere(found):
        await wrong_address(session, heard.debtor_ids, medium=medium, address=address, words=words, now=now)
    if "opt_out" in found or ("channel_preference" in found and closes):
        # What the words name is closed ("stop emailing me", in a text); a bare stop means where it was said.
        # A number may belong to several people's files: the stop holds for each of them.
        for debtor_id in heard.debtor_ids:
            for refused in sorted(closes or {medium}):
                await stop(
                    session,
                    debtor_id,
                    medium=refused,
                    words=words,
                    address=address,
                    now=now,
                    message_id=heard.message_id,
                )
    elif "opt_in" in found and heard.contact_point_id is not None:
        await start(
            session,
            heard.debtor_id,
            medium=medium,
            words=words,
            said_at=now,
            now=now,
            message_id=heard.message_id,
        )
    for label in sorted(found & DUTIES.keys()):
        duty = DUTIES[label]
        await silence.hold(session, now=now, debtor_id=heard.debtor_id, reason=duty.hold, actor=actor, note=words[:500])
        if duty.case:
            await cases.open(
                session,
                now=now,
                debtor_id=heard.debtor_id,
                reason=duty.case,
                priority=duty.priority,
                actor=actor,
                message_id=heard.message_id,
                summary={"message": words[:1000]},
            )
    for label in [name for name in DISPUTES if name in found]:
        kind, reason = DISPUTES[label]
        await dispute(
            session,
            heard.debtor_id,
            kind=kind,
            reason=reason,
            medium=medium,
            words=words,
            now=now,
            message_id=heard.message_id,
        )


def reads_elsewhere(labels: Iterable[str]) -> bool:
    """Somebody else reads there. "Talk to my lawyer, not me" is no stranger."""
    return "wrong_number" in labels and "attorney_representation" not in labels


async def stop(
    session: AsyncSession,
    debtor_id: int,
    *,
    medium: str,
    words: str,
    address: str,
    now: datetime,
    message_id: UUID | None = None,
) -> None:
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
        words=words,
        address=address,
        message_id=message_id,
    )


async def start(
    session: AsyncSession,
    debtor_id: int,
    *,
    medium: str,
    words: str,
    said_at: datetime,
    now: datetime,
    message_id: UUID | None = None,
) -> None:
    """A request to be written to again. A refusal that came after it was said stands."""
    refused = await consents.refused_at(session, debtor_id=debtor_id, medium=medium)
    if refused and refused <= said_at:
        await silence.opt_in(
            session,
            now=now,
            debtor_id=debtor_id,
            medium=medium,
            via="message",
            actor=ACTOR.format(debtor_id),
            words=words,
            message_id=message_id,
        )


async def wrong_address(
    session: AsyncSession, debtor_ids: Iterable[int], *, medium: str, address: str, words: str, now: datetime
) -> None:
    """Somebody else reads there: the address is dead for all debts of everyone (12 CFR 1006.6(d)(3))."""
    for debtor_id in debtor_ids:
        await silence.silence(session, now=now, debtor_id=debtor_id, why="not this person's address", medium=medium)
    if address:
        await accounts.mark_point(
            session, now=now, address=address, status=PointStatus.WRONG_PARTY, actor=f"reader:{medium}"
        )


async def dispute(
    session: AsyncSession,
    debtor_id: int,
    *,
    kind: DisputeKind,
    reason: str | None,
    medium: str,
    words: str,
    now: datetime,
    account_ref: str | None = None,
    message_id: UUID | None = None,
) -> None:
    """Freeze first: every open account, or the one named. A person confirms."""
    found = await db.rows(
        session,
        "select id, ref from account where debtor_id = :d and status = 'open' and (cast(:ref as text) is null or ref like '%' || :ref)",
        d=debtor_id,
        ref=account_ref,
    )
    digits = set(re.findall(r"(?<![\d$])\d{4,}(?![\d.])", words))
    named = [a for a in found if a["ref"][-4:] in digits]
    for account in named or found:
        await dispute_account(
            session,
            now=now,
            account_id=account["id"],
            kind=kind,
            reason=reason,
            via="portal" if medium == "web" else medium,
            actor=ACTOR.format(debtor_id),
            text=words,
            message_id=message_id,
        )


async def dispute_account(
    session: AsyncSession, *, now: datetime, account_id: int, actor: str, **said: Any
) -> disputes.Opened:
    """Freeze one account, its plan first. `said` is what `disputes.open` takes."""
    suspended = await changes.suspend(session, now=now, account_id=account_id, actor=actor, why="disputed")
    return await disputes.open(
        session, now=now, account_id=account_id, actor=actor, on_plan=suspended is not None, **said
    )
