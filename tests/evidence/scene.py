"""One person the auditor looks at, and what can be planted: messages, calls, wishes, holds, refusals."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach.reports import auditor
from outreach.settings import Settings
from outreach.tokens import new_id
from tests.evidence import ledger

#: What a person of the District or the City has to have agreed to before texts and mails.
AGREED = {
    "dc": {"written_notice_mailed_at": "2026-01-05T15:00:00Z", "express_consent_at": "2026-01-20T15:00:00Z"},
    "nyc": {"electronic_consent_at": "2026-09-02T15:00:00Z"},
}


@dataclass
class Scene:
    session: AsyncSession
    who: int
    at: datetime

    async def sent(self, *, at: datetime | None = None, **columns: Any) -> Any:
        return await ledger.sent(self.session, at=at or self.at, debtor_id=self.who, **columns)

    async def days(self, *days: int, **columns: Any) -> None:
        """One message on each of these days back."""
        for back in days:
            await self.sent(at=self.at - timedelta(days=back), **columns)

    async def heard(self, *, at: datetime, **columns: Any) -> Any:
        return await ledger.heard(self.session, at=at, debtor_id=self.who, **columns)

    async def called(
        self, *, at: datetime | None = None, channel: str = "voice", outcome: str = "call_unanswered"
    ) -> None:
        """A call, letter or visit as a case manager logs it, about all debts."""
        moment, medium = at or self.at, "voice" if channel == "voice" else "mail"
        await self.sql(
            "insert into message (id, debtor_id, direction, channel, medium, purpose, status, account_ids, content, created_at, sent_at)"
            " select :id, :who, 'out', :channel, :medium, 'logged', 'delivered', array_agg(id),"
            " jsonb_build_object('outcome', cast(:outcome as text)), :moment, :moment from account where debtor_id = :who",
            id=new_id(), channel=channel, medium=medium, outcome=outcome, moment=moment,
        )  # fmt: skip

    async def sql(self, statement: str, **values: Any) -> None:
        await ledger.run(self.session, statement, who=self.who, at=self.at, **values)

    async def account(self, changes: str) -> None:
        """`set` clauses over the person's debts; `:at` is the scene's instant."""
        await self.sql(f"update account set {changes} where debtor_id = :who")

    async def lives(self, state: str, code: str, *, area: str = "", agreed: bool = True) -> None:
        await self.sql(
            "update debtor set state = :state, zip = :code, law_facts = cast(:facts as jsonb) where id = :who",
            state=state,
            code=code,
            facts=json.dumps(AGREED if agreed else {}),
        )
        if area:
            await self.sql(
                "update contact_point set area_code = :area where debtor_id = :who and kind = 'phone'", area=area
            )

    async def wish(self, kind: str, *, back: float = 1, until: datetime | None = None, **value: Any) -> None:
        said = {"value": json.dumps(value), "at": self.at - timedelta(days=back), "until": until}
        await ledger.insert(self.session, "preference", debtor_id=self.who, kind=kind, **said)

    async def hold(self, reason: str, *, days: float = 1, until: datetime | None = None) -> None:
        await ledger.insert(
            self.session, "hold", debtor_id=self.who, reason=reason, since=self.at - timedelta(days=days), until=until
        )

    async def refuse(self, *, at: datetime, scope: str = "medium", kind: str = "refusal", **columns: Any) -> None:
        values = {"medium": "sms", "via": "inbound message", **columns}
        await ledger.insert(self.session, "consent", debtor_id=self.who, kind=kind, scope=scope, at=at, **values)

    async def violations(self, **settings: Any) -> list[auditor.Violation]:
        values = Settings(_env_file=None, company_licences="CA:10101-99", **settings)
        connection = await self.session.connection()
        return [v async for v in auditor.audit_sends(connection, settings=values)]


Play = Callable[[Scene], Awaitable[None]]
PLANTS: list[tuple[str, Play]] = []
LAWFUL: list[Play] = []


def plant(check: str) -> Callable[[Play], Play]:
    """A play that has to be found by this check and no other."""

    def register(play: Play) -> Play:
        PLANTS.append((check, play))
        return play

    return register


def lawful(play: Play) -> Play:
    """A play that looks like a violation and is none."""
    LAWFUL.append(play)
    return play
