"""The people of these tests: Dana and others owe; Ana and Bob work cases, Lee leads, Cora checks, Ada administers."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from dialogs.understand import model
from outreach.accounts import ledger
from outreach.accounts.models import LedgerKind
from outreach.cases import service as cases
from outreach.messages import silence
from outreach.staff import service as staff

COLLEAGUES = {
    "ana": ("Ana Diaz", "case_manager"),
    "bob": ("Bob Marsh", "case_manager"),
    "lee": ("Lee Porter", "team_lead"),
    "cora": ("Cora Whitfield", "compliance"),
    "ada": ("Ada Young", "admin"),
}
#: ref, first, last, language, state, zip, phone, email
DEBTORS = (
    ("D-1", "Dana", "Holloway", "en", "CA", "94110", "+14155550142", "dana@example.com"),
    ("D-2", "Marisol", "Vega", "es", "TX", "78702", "+15125550117", "marisol.vega@example.com"),
    ("D-3", "Theo", "Lindqvist", "en", "OH", "43215", "+16145550163", "theo@example.net"),
    ("D-4", "Priya", "Raman", "en", "NY", "11201", "+17185550188", "priya.raman@example.org"),
)


async def insert(session: AsyncSession, table: str, **columns: Any) -> int:
    """One row, its id back."""
    marks = ", ".join(f":{name}" for name in columns)
    statement = sa.text(f"insert into {table} ({', '.join(columns)}) values ({marks}) returning id")
    return int(await session.scalar(statement, columns) or 0)


async def colleagues(session: AsyncSession, *, now: datetime) -> dict[str, int]:
    """Everyone but a creditor's user: name -> staff id."""
    return {
        nick: await staff.add(session, now=now, email=f"{nick}@example.com", role=role, actor="system:test", name=name)
        for nick, (name, role) in COLLEAGUES.items()
    }


async def creditor(session: AsyncSession, *, now: datetime, name: str = "Fairview Medical Group") -> int:
    return await insert(session, "creditor", name=name, relationship="first_party", sms_allowed=True, created_at=now)


async def debtor(
    session: AsyncSession, *, now: datetime, who: tuple[str, ...], creditor_id: int, principal: int = 61_240
) -> dict[str, int]:
    """A person with one debt, a number and a mailbox that may be used."""
    ref, first, last, language, state, zip_code, phone, email = who
    debtor_id = await insert(
        session,
        "debtor",
        ref=ref,
        first_name=first,
        last_name=last,
        language=language,
        state=state,
        zip=zip_code,
        created_at=now - timedelta(days=20),
    )
    account_id = await insert(
        session,
        "account",
        creditor_id=creditor_id,
        debtor_id=debtor_id,
        ref=f"44{debtor_id:02d}",
        debt_type="medical",
        default_date=(now - timedelta(days=75)).date(),
        initial_communication_at=now - timedelta(days=12),
        validation_provided_at=now - timedelta(days=12),
        validation_period_end=(now + timedelta(days=25)).date(),
        created_at=now,
    )
    await ledger.post(
        session,
        at=now - timedelta(days=20),
        account_id=account_id,
        kind=LedgerKind.PRINCIPAL,
        component="principal",
        amount_cents=principal,
        source="placement",
    )
    for kind, address, basis in (("phone", phone, "direct_consent"), ("email", email, "consumer_used")):
        await insert(
            session,
            "contact_point",
            debtor_id=debtor_id,
            kind=kind,
            address=address,
            line="mobile" if kind == "phone" else None,
            basis=basis,
            basis_at=now - timedelta(days=9),
            reassigned_checked_at=now - timedelta(days=5),
            reassigned_result="no",
            created_at=now,
        )
    return {"debtor": debtor_id, "account": account_id}


async def message(
    session: AsyncSession, *, now: datetime, debtor_id: int, text: str, direction: str = "in", **more: Any
) -> None:
    """One thing said or heard by text message."""
    columns = {
        "debtor_id": debtor_id,
        "direction": direction,
        "channel": "sms",
        "medium": "sms",
        "purpose": "reply",
        "status": "received" if direction == "in" else "delivered",
        "text": text,
        "created_at": now,
        "sent_at": now,
    } | more
    marks = ", ".join(f":{name}" for name in columns)
    await session.execute(
        sa.text(f"insert into message (id, {', '.join(columns)}) values (gen_random_uuid(), {marks})"), columns
    )
    await session.execute(
        sa.text("insert into thread (debtor_id) values (:id) on conflict do nothing"), {"id": debtor_id}
    )


async def unclear(session: AsyncSession, *, now: datetime, debtor_id: int, text: str) -> None:
    """Words nobody understood, for those who tend the reader."""
    await message(session, now=now, debtor_id=debtor_id, text=text)
    await session.execute(
        sa.text(
            "insert into turn (inbound_id, debtor_id, at, engine, intent, action)"
            " select id, debtor_id, :now, 'embedded', 'out_of_scope', 'clarify' from message m"
            " where text = :text and not exists (select 1 from turn t where t.inbound_id = m.id) limit 1"
        ),
        {"text": text, "now": now},
    )


async def artefact(session: AsyncSession, *, now: datetime, status: str = "ready", **figures: float) -> int:
    """A reader that was trained; its weights are the shipped ones."""
    f1 = {"opt_out": 0.97, "dispute": 0.93, "hardship": 0.88}
    known = {"critical_recall": 0.997, "false_opt_out": 0.004, "macro_f1": 0.95, "slot_match": 0.96} | figures
    known |= {"out_of_scope_safe": 0.97, "f1": f1}
    weights = model.weights_file().read_bytes()
    return await insert(
        session,
        "reader_artefact",
        at=now,
        actor="staff:3",
        hash=f"{status}{len(weights):x}".ljust(64, "0"),
        fingerprint=model.fingerprint(),
        labels=4,
        figures=json.dumps(known | {"shipped": known}),
        status=status,
        weights=weights,
    )


async def office(session: AsyncSession, *, now: datetime) -> dict[str, Any]:
    """An ordinary morning: four people, four cases, some words, a note, a hold."""
    known: dict[str, Any] = {"staff": await colleagues(session, now=now)}
    creditor_id = await creditor(session, now=now)
    people = [await debtor(session, now=now, who=who, creditor_id=creditor_id) for who in DEBTORS]
    known["people"] = people
    said = (
        (0, "out", "Fairview Medical Group: you have a message about your account. Reply STOP to stop.", 30),
        (0, "in", "i can do 55 a month starting april 1, is that ok?", 25),
        (0, "out", "Thank you. 55.00 a month is less than the plan allows. A person will answer by 4:30 pm.", 25),
        (0, "in", "ok. who will call me? i work nights", 4),
        (1, "in", "No reconozco esta deuda. ¿De qué es?", 50),
        (2, "in", "THIS IS THE THIRD TIME. I will <b>sue</b> you", 12),
        (3, "in", "my lawyer is Jane Roe, call her", 8),
    )
    for index, direction, text, minutes in said:
        await message(
            session,
            now=now - timedelta(minutes=minutes),
            debtor_id=people[index]["debtor"],
            direction=direction,
            text=text,
        )
    opened = (
        (0, "plan_exception", "normal", 30),
        (1, "dispute", "high", 50),
        (2, "threat", "urgent", 200),
        (3, "attorney", "high", 8),
    )
    known["cases"] = []
    for index, reason, priority, minutes in opened:
        made = await cases.open(
            session,
            now=now - timedelta(minutes=minutes),
            debtor_id=people[index]["debtor"],
            account_id=people[index]["account"],
            reason=reason,
            priority=priority,
            actor="system:dialog",
            summary={"intents": ["propose_plan"], "amount": 55.0},
        )
        known["cases"].append(made.id)
    await silence.hold(
        session, now=now, debtor_id=people[3]["debtor"], reason="attorney", actor="system:dialog", note="Jane Roe"
    )
    return known
