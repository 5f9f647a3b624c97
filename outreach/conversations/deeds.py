"""Outcomes into deeds: one `match`, one service call a line. A new wish of the dialog is one Outcome and one case here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from dialogs import turn as t
from outreach.accounts import service as accounts
from outreach.accounts.models import HoldReason
from outreach.cases import service as cases
from outreach.compliance import optout
from outreach.consents import service as consents
from outreach.context import Context
from outreach.conversations import duties, plan_deeds, wishes
from outreach.conversations.duties import ACTOR, DUTIES
from outreach.disputes.models import DisputeKind
from outreach.messages import silence
from outreach.messages.people import Person


@dataclass(frozen=True, slots=True)
class Doing:
    """What every deed needs."""

    session: AsyncSession
    context: Context
    person: Person
    message: Mapping[str, Any]
    turn: t.Turn
    now: datetime

    @property
    def debtor_id(self) -> int:
        found: int = self.person["id"]
        return found

    @property
    def actor(self) -> str:
        return ACTOR.format(self.debtor_id)

    @property
    def said(self) -> duties.Said:
        m = self.message
        return duties.Said(
            words=m["text"], medium=m["medium"], address=m["address"], at=m["created_at"], message_id=m["id"]
        )

    @property
    def via(self) -> str:
        return self.said.via

    def account_id(self, ref: str | None) -> int | None:
        """The open debt a reference (or its end) names, or the only one when none is named; None if it could be several."""
        found = [a for a in self.person["accounts"] or [] if a["status"] == "open"]
        if ref:
            found = [a for a in found if a["ref"] == ref] or [a for a in found if a["ref"].endswith(ref)]
        return found[0]["id"] if len(found) == 1 else None


async def do(
    session: AsyncSession, context: Context, person: Person, message: Mapping[str, Any], turn: t.Turn, *, now: datetime
) -> None:
    """Every wish of a turn, in its order, in the caller's transaction."""
    doing = Doing(session, context, person, message, turn, now)
    for outcome in turn.outcomes:
        await _one(doing, outcome)


async def _one(d: Doing, outcome: t.Outcome) -> None:
    match outcome:
        case t.OptsOut():
            for medium in sorted(optout.reading(d.said.words, medium=d.said.medium).closes or {outcome.medium}):
                await duties.stop(d.session, d.debtor_id, d.said, medium=medium, now=d.now)
        case t.OptsIn():
            # Only from an address of the person's own; a stranger's words grant nothing.
            if d.said.medium == "web" or d.message["contact_point_id"] is not None:
                await duties.start(d.session, d.debtor_id, d.said, medium=outcome.medium, now=d.now)
        case t.RefusesContact():
            await _hold(d, "cease_communication")
        case t.HasAttorney():
            await _hold(d, "attorney_representation", name=outcome.name, contact=outcome.contact)
        case t.InBankruptcy():
            await _hold(d, "bankruptcy", chapter=outcome.chapter, case_number=outcome.case_number)
        case t.HasDied():
            await _hold(d, "deceased")
        case t.IsMinor():
            await _hold(d, "minor")
        case t.IsServicemember():
            await _hold(d, "servicemember")
        case t.ReportsFraud():
            await _hold(d, "identity_theft")
            await _dispute(d, DisputeKind.DISPUTE, "identity_theft", None)
        case t.WrongAddress():
            if duties.reads_elsewhere({"wrong_number", *d.message["labels"]}):
                await duties.wrong_address(d.session, [d.debtor_id], d.said, now=d.now)
        case t.DisputesDebt():
            await _dispute(d, DisputeKind.DISPUTE, outcome.reason, outcome.account_ref)
        case t.RequestsValidation():
            kind = DisputeKind.ORIGINAL_CREDITOR if outcome.original_creditor else DisputeKind.VALIDATION
            await _dispute(d, kind, None, outcome.account_ref)
        case t.SetsPreference():
            await _prefer(d, outcome)
        case t.SwitchesLanguage():
            await accounts.speak(d.session, now=d.now, debtor_id=d.debtor_id, language=outcome.language, actor=d.actor)
        case t.GivesContact():
            for address in filter(None, (outcome.phone, outcome.email)):
                await accounts.add_point(d.session, now=d.now, debtor_id=d.debtor_id, address=address, actor=d.actor)
        case t.Identified():
            await accounts.verify_point(
                d.session, now=d.now, contact_point_id=d.message["contact_point_id"], actor=d.actor
            )
        case t.InHardship():
            # Not a silence: a figure below policy then goes to a person (dialog-spec 7.3).
            await consents.prefer(
                d.session,
                now=d.now,
                debtor_id=d.debtor_id,
                kind="hardship",
                value={"reason": outcome.reason},
                via=d.via,
            )
        case t.OffersSettlement():
            amount, ref = outcome.amount_cents, outcome.account_ref
            await _case(d, "settlement", "normal", ref, amount_cents=amount, percent=outcome.percent)
        case t.ReportsPayment():
            amount, ref = outcome.amount_cents, outcome.account_ref
            await _case(d, "payment_check", "normal", ref, amount_cents=amount, date=str(outcome.date or ""))
        case t.WantsHuman():
            await _hand_off(d, outcome)
        case t.WantsLink():
            pass  # the link is made and kept with the reply that says it
        case _:
            await plan_deeds.do(d, outcome)


async def _hold(d: Doing, label: str, **facts: Any) -> None:
    duty = DUTIES[label]
    known = {k: v for k, v in facts.items() if v}
    await silence.hold(
        d.session,
        now=d.now,
        debtor_id=d.debtor_id,
        reason=duty.hold,
        actor=d.actor,
        note=d.message["text"][:500],
        facts=known,
    )
    if duty.case and (known or label not in d.message["labels"]):  # else it was opened when the message came in
        await _case(d, duty.case, duty.priority, **known)


async def _dispute(d: Doing, kind: DisputeKind, reason: str | None, ref: str | None) -> None:
    await duties.dispute(d.session, d.debtor_id, d.said, kind=kind, reason=reason, now=d.now, account_ref=ref)


async def _prefer(d: Doing, wish: t.SetsPreference) -> None:
    """Each wish is a row of its own; what forbids a medium is a refusal too, which the gate obeys."""
    if wish.channel:
        await consents.prefer(
            d.session, now=d.now, debtor_id=d.debtor_id, kind="channel", value={"channel": wish.channel}, via=d.via
        )
    for kind, window, days in (
        ("quiet_window", wish.quiet_window, wish.quiet_days),
        ("time_window", wish.time_window, wish.days),
    ):
        if window or days:
            value: dict[str, Any] = {"window": window or "", "days": days or ""}
            if kind == "quiet_window":
                value = await wishes.quiet(d.session, d.debtor_id, window=window, days=days)
            await consents.prefer(d.session, now=d.now, debtor_id=d.debtor_id, kind=kind, value=value, via=d.via)
    if wish.place:
        await consents.prefer(
            d.session, now=d.now, debtor_id=d.debtor_id, kind="place", value={"place": wish.place}, via=d.via
        )
    for channel in wish.not_channel:
        medium = {"phone": "voice"}.get(channel, channel)
        await duties.stop(d.session, d.debtor_id, replace(d.said, address=""), medium=medium, now=d.now)
    if wish.not_channel:
        await consents.prefer(
            d.session,
            now=d.now,
            debtor_id=d.debtor_id,
            kind="not_channel",
            value=await wishes.refused(d.session, d.debtor_id, wish.not_channel, wanted=wish.channel),
            via=d.via,
        )
    await silence.silence(d.session, now=d.now, debtor_id=d.debtor_id, why="the person's wishes changed")


async def _hand_off(d: Doing, wish: t.WantsHuman) -> None:
    if wish.reason in {"self_harm", "threat"}:
        # The reader could not tell which; now it is known, and silence stays either way.
        await silence.hold(
            d.session,
            now=d.now,
            debtor_id=d.debtor_id,
            reason=HoldReason(wish.reason),
            actor=d.actor,
            note=d.message["text"][:500],
        )
    opened = {DUTIES[label].case for label in d.message["labels"] if label in DUTIES}
    if wish.reason not in opened or wish.note:
        await _case(d, wish.reason, wish.priority, note=wish.note)


async def _case(d: Doing, reason: str, priority: str, account_ref: str | None = None, **found: Any) -> None:
    """What the person who picks it up needs: the message, what was understood, the form so far."""
    form = {k: v for k, v in d.turn.memory.items() if k == "form"}
    await cases.open(
        d.session,
        now=d.now,
        debtor_id=d.debtor_id,
        reason=reason,
        priority=priority,
        actor=d.actor,
        account_id=d.account_id(account_ref),
        message_id=d.message["id"],
        summary={
            "message": d.message["text"][:1000],
            "intents": list(d.turn.intents),
            "slots": {k: str(v) for k, v in d.turn.slots.items() if k not in {"zip", "dob", "ssn_last4"}},
            "form": form,
            **{k: v for k, v in found.items() if v not in (None, "")},
        },
    )
