"""May we contact this person now, on each channel, and if not, why and when? Asked of the gate itself, written nowhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach.messages import outbox
from outreach.messages.drafts import Draft
from outreach.web.console.guard import Desk

CHANNELS = ("sms", "email")


async def of(session: AsyncSession, desk: Desk, known: dict[str, Any]) -> dict[str, Any]:
    """For each channel {verdict, earliest_at, reasons} of an unsolicited message by this colleague now, and what is left of the caps."""
    debtor_id = known["debtor"]["id"]
    drafts = [
        Draft(debtor_id=debtor_id, channel=channel, template="reminder", staff_id=desk.user.id) for channel in CHANNELS
    ]
    judged = await outbox.preview_many(session, drafts, now=desk.now, settings=desk.context.settings)
    contacted, settings = known["contacted"], desk.context.settings
    return {
        "channels": [
            {
                "channel": channel,
                "verdict": found.decision.decision.value,
                "earliest_at": found.decision.earliest_utc,
                "reasons": found.against(),
            }
            for channel, found in zip(CHANNELS, judged, strict=True)
        ],
        "caps": [
            {"span": span, "cap": cap, "used": contacted[span], "left": max(0, cap - contacted[span])}
            for span, cap in (("day", settings.contact_cap_day), ("week", settings.contact_cap_week))
            if cap
        ],
    }
