"""Everything said and heard: Thread, Message, Attempt, DecisionRecord, Receipt, Lane."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from outreach import db
from outreach.messages.states import MessageStatus

_BIGINTS = ARRAY(sa.BigInteger)


class Lane(SQLModel, table=True):
    """A channel and a sender identity, with its token bucket. `reply` lanes never wait behind a campaign."""

    name: str = Field(primary_key=True)
    channel: str
    #: tokens a second: segments for SMS, messages otherwise
    rate: float
    burst: float
    tokens: float
    refilled_at: datetime = db.moment()
    #: share of the rate that is used: less than 1 after the provider asked for fewer requests
    pace: float = 1.0
    paced_at: datetime | None = db.moment(default=None)
    #: set while nothing may leave here: a person's switch, wrong credentials, failures
    stopped_at: datetime | None = db.moment(default=None)
    stopped_why: str = ""


class Lull(SQLModel, table=True):
    """A recipient's system (the domain of a mailbox) that asked for patience."""

    channel: str = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    until: datetime = db.moment()
    #: refusals in a row
    strikes: int = 1


class Thread(db.Row, table=True):
    """All said with one debtor, on any channel."""

    __table_args__ = (sa.UniqueConstraint("debtor_id"),)

    debtor_id: int = db.key("debtor.id")
    #: a person claimed it: the robot and campaigns are silent
    held_by: int | None = db.key("staff.id", default=None)
    held_at: datetime | None = db.moment(default=None)
    last_in_at: datetime | None = db.moment(default=None)
    #: an inbound nobody has answered yet
    unanswered_since: datetime | None = db.moment(default=None)


class Message(SQLModel, table=True):
    """One thing said or heard. Outbound rows are the outbox; `text` is byte for byte what left."""

    __table_args__ = (
        sa.CheckConstraint("direction in ('in', 'out')", name="direction"),
        db.one_of("status", MessageStatus),
        # Planned once: at most one message a person and campaign step.
        sa.Index(
            "uq_message_step",
            "campaign_id",
            "debtor_id",
            "step",
            unique=True,
            postgresql_where=sa.text("campaign_id is not null"),
        ),
        # A provider's message is stored once.
        sa.Index(
            "uq_message_inbound", "channel", "provider_id", unique=True, postgresql_where=sa.text("direction = 'in'")
        ),
        # One automatic answer per inbound and purpose.
        sa.Index(
            "uq_message_answer",
            "in_reply_to",
            "purpose",
            unique=True,
            postgresql_where=sa.text("direction = 'out' and staff_id is null and in_reply_to is not null"),
        ),
        # The claim of a reply lane: due rows, most urgent first.
        sa.Index(
            "ix_message_due",
            "lane",
            "priority",
            "not_before",
            "id",
            postgresql_where=sa.text("status = 'queued' and not paused and campaign_id is null"),
        ),
        # The claim of a campaign lane: due rows of each campaign.
        sa.Index(
            "ix_message_turn",
            "lane",
            "campaign_id",
            "not_before",
            "id",
            postgresql_where=sa.text("status = 'queued' and not paused and campaign_id is not null"),
        ),
        sa.Index("ix_message_expiry", "expires_at", postgresql_where=sa.text("status = 'queued'")),
        sa.Index("ix_message_leased", "lease_until", postgresql_where=sa.text("status in ('claimed', 'sending')")),
        # What the provider may be asked about: accepted, and silent since.
        sa.Index(
            "ix_message_silent",
            "channel",
            "sent_at",
            postgresql_where=sa.text("direction = 'out' and status in ('accepted', 'sent')"),
        ),
        sa.Index("ix_message_unknown", "checked_at", postgresql_where=sa.text("status = 'unknown'")),
        sa.Index("ix_message_campaign", "campaign_id", "status", postgresql_where=sa.text("campaign_id is not null")),
        sa.Index(
            "ix_message_newest",
            "campaign_id",
            sa.text("sent_at desc"),
            postgresql_where=sa.text("campaign_id is not null and sent_at is not null"),
        ),
        sa.Index("ix_message_paused", "campaign_id", postgresql_where=sa.text("status = 'queued' and paused")),
        sa.Index("ix_message_debtor", "debtor_id", "created_at"),
        sa.Index(
            "ix_message_provider",
            "provider_id",
            postgresql_where=sa.text("direction = 'out' and provider_id is not null"),
        ),
        sa.Index(
            "ix_message_unanswered", "created_at", postgresql_where=sa.text("direction = 'in' and status = 'received'")
        ),
    )

    id: UUID = Field(sa_type=sa.Uuid, primary_key=True)
    debtor_id: int = db.key("debtor.id")
    direction: str
    channel: str
    medium: str
    #: the `kind` list of decision-cases.yaml
    purpose: str
    status: str
    contact_point_id: int | None = db.key("contact_point.id", default=None)
    address: str = ""
    #: the debts it is about
    account_ids: list[int] = Field(default_factory=list, sa_type=_BIGINTS)
    lane: str = ""
    #: lower leaves first: 0 replies and codes, 5 notices, 9 campaigns
    priority: int = 9
    not_before: datetime | None = db.moment(default=None)
    expires_at: datetime | None = db.moment(default=None)
    #: its campaign is paused: no worker looks at it
    paused: bool = False
    template: str = ""
    #: content hash of the template's files
    template_version: str = ""
    language: str = "en"
    subject: str = ""
    text: str = ""
    html: str = ""
    segments: int = 1
    #: what `compliance.Words` needs beyond the text: disclosures, stop line, ...
    content: dict[str, Any] = db.json()
    in_reply_to: UUID | None = Field(default=None, sa_type=sa.Uuid)
    campaign_id: int | None = db.key("campaign.id", default=None)
    step: int | None = None
    staff_id: int | None = db.key("staff.id", default=None)
    case_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    provider_id: str | None = None
    #: why it is in this status, in one sentence
    reason: str = ""
    code: str = ""
    attempts: int = 0
    crashes: int = 0
    #: fencing token: grows with every claim; an older holder may not act
    fence: int = Field(default=0, sa_type=sa.BigInteger)
    lease_until: datetime | None = db.moment(default=None)
    checked_at: datetime | None = db.moment(default=None)
    checks: int = 0
    created_at: datetime = db.moment()
    sent_at: datetime | None = db.moment(default=None)
    settled_at: datetime | None = db.moment(default=None)
    #: inbound: labels found, and what the provider said of it
    labels: list[str] = Field(default_factory=list, sa_type=ARRAY(sa.Text))
    raw: dict[str, Any] = db.json()


class Attempt(db.Row, table=True):
    """Written and committed before the first byte leaves."""

    __table_args__ = (
        sa.UniqueConstraint("message_id", "number"),
        sa.CheckConstraint("outcome in ('accepted', 'rejected', 'unknown')", name="outcome"),
        # Attempts come in the order of time: a few pages say where an hour begins.
        sa.Index("ix_attempt_started", "started_at", postgresql_using="brin"),
    )

    message_id: UUID = Field(sa_type=sa.Uuid, foreign_key="message.id")
    number: int
    worker: str
    fence: int = Field(sa_type=sa.BigInteger)
    started_at: datetime = db.moment()
    body_hash: str
    #: passed the gate (the database's clock): without it no byte left
    gated_at: datetime | None = db.moment(default=None)
    outcome: str | None = None
    provider_id: str | None = None
    code: str = ""
    reason: str = ""
    recorded_at: datetime | None = db.moment(default=None)


class DecisionRecord(db.Row, table=True):
    """What was decided, from which facts, under which rules: enough to recompute it years later. Insert-only."""

    __tablename__ = "decision_record"

    message_id: UUID | None = Field(default=None, sa_type=sa.Uuid, index=True)
    debtor_id: int = db.key("debtor.id", index=True)
    campaign_id: int | None = Field(default=None, sa_type=sa.BigInteger, index=True)
    #: plan | send | staff
    stage: str
    at: datetime = db.moment()
    decision: str
    earliest_at: datetime | None = db.moment(default=None)
    rules: list[str] = Field(default_factory=list, sa_type=ARRAY(sa.Text))
    findings: list[Any] = db.json(default=list)
    facts: dict[str, Any] = db.json()
    facts_hash: str
    ruleset: str
    tz_version: str


class ProviderReceipt(db.Row, table=True):
    """News from a provider, kept raw. The unique key makes a repeat a no-op."""

    __tablename__ = "provider_receipt"
    __table_args__ = (sa.UniqueConstraint("channel", "event_key"),)

    channel: str
    event_key: str
    provider_id: str = Field(index=True)
    message_id: UUID | None = Field(default=None, sa_type=sa.Uuid, index=True)
    state: str
    code: str = ""
    reason: str = ""
    at: datetime = db.moment()
    raw: dict[str, Any] = db.json()


class UnroutedInbound(db.Row, table=True):
    """A valid message from somebody we do not know. Stored, shown, never refused; opt-outs in it are honoured."""

    __tablename__ = "unrouted_inbound"
    __table_args__ = (sa.UniqueConstraint("channel", "provider_id"),)

    channel: str
    provider_id: str
    sender: str = Field(index=True)
    recipient: str
    subject: str = ""
    text: str
    labels: list[str] = Field(default_factory=list, sa_type=ARRAY(sa.Text))
    at: datetime = db.moment()
    resolved_at: datetime | None = db.moment(default=None)
    raw: dict[str, Any] = db.json()


class Attachment(db.Row, table=True):
    """A file a person sent, kept apart from every page and served only as a download."""

    __table_args__ = (sa.Index("ix_attachment_pending", "id", postgresql_where=sa.text("url <> ''")),)

    message_id: UUID = Field(sa_type=sa.Uuid, foreign_key="message.id", index=True)
    name: str
    content_type: str
    size: int
    sha256: str
    content: bytes = Field(default=b"", sa_type=sa.LargeBinary)
    #: where its provider keeps it, until it is fetched or given up
    url: str = ""
    tries: int = 0
    #: why it is not here
    problem: str = ""


class Link(db.Row, table=True):
    """A locator in a message: opaque, hashed, single purpose, days of life. Following it changes nothing."""

    debtor_id: int = db.key("debtor.id", index=True)
    message_id: UUID | None = Field(default=None, sa_type=sa.Uuid, index=True)
    token_hash: bytes = Field(sa_type=sa.LargeBinary, unique=True)
    #: portal | unsubscribe | reply
    purpose: str
    created_at: datetime = db.moment()
    expires_at: datetime | None = db.moment(default=None)
    revoked_at: datetime | None = db.moment(default=None)
