"""Campaign, Step, Enrollment: who is told what, when, and why not."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from outreach import db


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


C = CampaignStatus
MOVES: dict[str, frozenset[str]] = {
    C.DRAFT: frozenset({C.SCHEDULED, C.RUNNING, C.CANCELLED}),
    C.SCHEDULED: frozenset({C.RUNNING, C.PAUSED, C.CANCELLED}),
    C.RUNNING: frozenset({C.PAUSED, C.FINISHED, C.CANCELLED}),
    C.PAUSED: frozenset({C.RUNNING, C.SCHEDULED, C.CANCELLED}),
    C.FINISHED: frozenset(),
    C.CANCELLED: frozenset(),
}


class Campaign(db.Row, table=True):
    __table_args__ = (db.one_of("status", CampaignStatus),)

    name: str = Field(unique=True)
    status: str = CampaignStatus.DRAFT
    #: the file as given: audience, stop_when, schedule, rate
    definition: dict[str, Any] = db.json()
    #: SHA-256 of definition and pinned template versions: what an approval binds
    version: str = ""
    created_by: str = ""
    created_at: datetime = db.moment()
    #: when the next occurrence starts; null: none
    next_run_at: datetime | None = db.moment(default=None, index=True)
    occurrence: int = 0
    #: people up to this id are enrolled in the present occurrence
    planned_to: int = Field(default=0, sa_type=sa.BigInteger)
    launched_at: datetime | None = db.moment(default=None)
    planned_at: datetime | None = db.moment(default=None)
    finished_at: datetime | None = db.moment(default=None)
    #: why it is paused, when the system did it
    paused_why: str = ""
    #: token buckets of the campaign's own rate: {"sms": {"rate": 5.0, "tokens": 3.2, "at": ...}}
    buckets: dict[str, Any] = db.json()


class Step(db.Row, table=True):
    __tablename__ = "campaign_step"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "number"),)

    campaign_id: int = db.key("campaign.id")
    number: int
    template: str
    #: sms | email | preferred
    channel: str
    after_days: int = 0
    #: content hash of the template at launch: a text edited later does not change a running campaign unseen
    template_version: str = ""


class Enrollment(db.Row, table=True):
    """One person in one campaign. `excluded` names the public reason when left out."""

    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "debtor_id"),
        sa.CheckConstraint("status in ('waiting', 'stopped', 'done', 'excluded')", name="status"),
        sa.Index("ix_enrollment_due", "campaign_id", "next_at", postgresql_where=sa.text("status = 'waiting'")),
    )

    campaign_id: int = db.key("campaign.id")
    debtor_id: int = db.key("debtor.id", index=True)
    status: str = "waiting"
    #: counts on over occurrences: step 1 of the second occurrence of a two-step campaign is 3
    next_step: int = 1
    next_at: datetime | None = db.moment(default=None)
    enrolled_at: datetime = db.moment()
    #: reason of the newest step that was left out, or why the sequence stopped
    excluded: str = ""
    ended_at: datetime | None = db.moment(default=None)
