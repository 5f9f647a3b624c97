"""A small cast with debts, and a desk that runs campaigns on it without waiting for workers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from outreach import db
from outreach.campaigns import definition, jobs, planning, progress, service
from outreach.context import Context


class Desk:
    def __init__(self, context: Context, now: datetime) -> None:
        self.context, self.now = context, now

    async def debtor(self, ref: str, *, debts: int = 1, state: str = "OH", consented: bool = True, **facts: Any) -> int:
        """Someone in Columbus who agreed to texts and mails about debts notified long ago."""
        number = int(ref.removeprefix("P"))
        basis = "direct_consent" if consented else "none"
        async with self.context.session() as session:
            person = await session.scalar(
                sa.text(
                    "insert into debtor (ref, first_name, last_name, state, zip, language, created_at)"
                    " values (:ref, 'Dana', 'Holloway', :state, :zip, 'en', :now) returning id"
                ),
                {"ref": ref, "state": state, "zip": {"OH": "43215", "HI": "96813"}[state], "now": self.now},
            )
            for kind, address in (("phone", f"+1614555{number:04}"), ("email", f"dana{number}@mail.example")):
                await session.execute(
                    sa.text(
                        "insert into contact_point (debtor_id, kind, address, line, area_code, basis, basis_at, verified_at,"
                        " created_at) values (:person, :kind, :address, :line, :area, :basis, :at, :at, :at)"
                    ),
                    {
                        "person": person, "kind": kind, "address": address, "basis": basis, "at": self.now - timedelta(days=20),
                        "line": "mobile" if kind == "phone" else None, "area": "614" if kind == "phone" else None,
                    },
                )  # fmt: skip
            for debt in range(debts):
                await session.execute(
                    sa.text(
                        "insert into account (creditor_id, debtor_id, ref, debt_type, principal_cents, balance_cents,"
                        " default_date, limitation_date, initial_communication_at, validation_provided_at, validation_method,"
                        " validation_period_end, created_at) select id, :person, :ref, 'medical', :cents, :cents, :default,"
                        " :limit, :noticed, :noticed, 'mail', :end, :now from creditor"
                    ),
                    {
                        "person": person, "ref": f"{ref}-{debt}", "cents": facts.get("cents", 50_000),
                        "default": (self.now - timedelta(days=300)).date(), "limit": (self.now + timedelta(days=900)).date(),
                        "noticed": self.now - timedelta(days=120), "end": (self.now - timedelta(days=80)).date(), "now": self.now,
                    },
                )  # fmt: skip
        return int(person)

    async def launch(self, **changes: Any) -> int:
        plain = {"name": "spring", "audience": {}, "steps": [{"template": "reminder", "channel": "sms"}]} | changes
        async with self.context.session() as session:
            campaign_id = await service.create(session, definition.validate(plain), now=self.now, actor="staff:1")
            await service.launch(session, plain["name"], now=self.now, actor="staff:1")
        return campaign_id

    async def plan(self, campaign_id: int) -> list[planning.Slice]:
        """Slices, each in a transaction of its own, until nothing is left to do now."""
        slices = []
        while not slices or slices[-1].more:
            async with self.context.session() as session:
                slices.append(
                    await planning.plan_slice(session, campaign_id, now=self.now, settings=self.context.settings)
                )
        return slices

    async def sweep(self) -> None:
        clock = self.context.clock
        clock.offset += self.now - clock.now()
        await jobs.sweep(self.context)

    async def deliver(self, campaign_id: int, status: str = "delivered", limit: int = 1_000_000) -> None:
        """What delivery and receipts would write."""
        await self.do(
            "update message set status = :status, sent_at = :now, settled_at = :now where id in (select id from message"
            " where campaign_id = :id and status = 'queued' order by id limit :limit)",
            status=status, now=self.now, id=campaign_id, limit=limit,
        )  # fmt: skip

    async def status(self, name: str = "spring") -> dict[str, Any]:
        async with self.context.session() as session:
            return await progress.status(session, await service.find(session, name), now=self.now)

    async def do(self, sql: str, **values: Any) -> None:
        async with self.context.session() as session:
            await session.execute(sa.text(sql), values)

    async def rows(self, sql: str, **values: Any) -> list[Any]:
        async with self.context.session() as session:
            return list(await db.rows(session, sql, **values))


@pytest.fixture
async def desk(context: Context, now: datetime) -> Desk:
    found = Desk(context, now)
    await found.do(
        "insert into creditor (name, relationship, sms_allowed, created_at)"
        " values ('Fairview Medical Group', 'third_party', true, :now)",
        now=now,
    )
    return found
