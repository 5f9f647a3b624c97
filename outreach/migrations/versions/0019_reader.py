"""What colleagues say messages mean, and the readers trained with it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019_reader"
down_revision = "0018_lulls"


def upgrade() -> None:
    op.create_table(
        "reader_label",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("medium", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_reader_label_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader_label")),
    )
    op.create_index("ix_reader_label_newest", "reader_label", ["message_id", sa.text("id desc")])
    op.create_table(
        "reader_artefact",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("labels", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("figures", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("put_by", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "status in ('ready', 'refused', 'in_force', 'retired')", name=op.f("ck_reader_artefact_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader_artefact")),
        sa.UniqueConstraint("hash", name=op.f("uq_reader_artefact_hash")),
    )
    op.create_index(
        "ix_reader_artefact_in_force",
        "reader_artefact",
        ["status"],
        unique=True,
        postgresql_where=sa.text("status = 'in_force'"),
    )
