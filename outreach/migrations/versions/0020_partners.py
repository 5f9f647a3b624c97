"""Creditors' systems: endpoints, events, deliveries, proofs; answers of repeated writes kept byte for byte."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020_partners"
down_revision = "0019_reader"


def moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def key(name: str, target: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(target), nullable=nullable)


def words(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.String(), server_default=sa.text("''"), nullable=False)


def upgrade() -> None:
    op.add_column("api_key", moment("used_at", nullable=True))
    op.drop_column("idempotency_key", "response")
    op.add_column("idempotency_key", sa.Column("body", sa.LargeBinary(), nullable=False))  # nothing ever wrote here
    op.create_index("ix_idempotency_key_at", "idempotency_key", ["at"])
    op.create_table(
        "partner_endpoint",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        key("creditor_id", "creditor.id"),
        sa.Column("url", sa.String(), nullable=False),
        words("events"),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("old_secret", sa.LargeBinary(), nullable=True),
        moment("old_until", nullable=True),
        moment("created_at"),
        moment("busy_until", nullable=True),
        moment("ended_at", nullable=True),
    )
    op.create_index("ix_partner_endpoint_creditor_id", "partner_endpoint", ["creditor_id"])
    op.create_table(
        "partner_event",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        key("creditor_id", "creditor.id"),
        key("account_id", "account.id", nullable=True),
        key("audit_id", "audit_entry.id", nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        moment("at"),
        sa.Column("data", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.UniqueConstraint("audit_id", "account_id", name=op.f("uq_partner_event_audit_id_account_id")),
    )
    op.create_index("ix_partner_event_feed", "partner_event", ["creditor_id", "id"])
    op.create_index("ix_partner_event_at", "partner_event", ["at"])
    op.create_table(
        "partner_delivery",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        key("endpoint_id", "partner_endpoint.id"),
        key("event_id", "partner_event.id"),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        moment("queued_at"),
        moment("due_at"),
        moment("tried_at", nullable=True),
        words("answer"),
        sa.UniqueConstraint("endpoint_id", "event_id", name=op.f("uq_partner_delivery_endpoint_id_event_id")),
        sa.CheckConstraint("status in ('waiting', 'delivered', 'parked')", name=op.f("ck_partner_delivery_status")),
    )
    waiting = sa.text("status = 'waiting'")
    for name, column in (("due", "due_at"), ("order", "account_id")):
        op.create_index(
            f"ix_partner_delivery_{name}",
            "partner_delivery",
            ["endpoint_id", column, "event_id"],
            postgresql_where=waiting,
        )
    op.create_index("ix_partner_delivery_event_id", "partner_delivery", ["event_id"])
    op.create_table(
        "dispute_proof",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        key("dispute_id", "dispute.id"),
        moment("at"),
        sa.Column("actor", sa.String(), nullable=False),
        words("words"),
        words("name"),
        words("content_type"),
        words("sha256"),
        sa.Column("content", sa.LargeBinary(), nullable=True),
    )
    op.create_index("ix_dispute_proof_dispute_id", "dispute_proof", ["dispute_id"])
    # What happened before there was anyone to tell is not told: events begin with the next link of the chain.
    op.execute(
        "insert into setting (name, value) select 'partner_events', to_jsonb(coalesce(max(number), 0)) from audit_seal"
    )
