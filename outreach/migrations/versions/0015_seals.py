"""One chain over the trail and the decisions: each link covers a range of decisions too, and is signed."""

import sqlalchemy as sa
from alembic import op

revision = "0015_seals"
down_revision = "0014_turns"


def upgrade() -> None:
    for name, kind, default in (
        ("decisions", sa.Integer(), "0"),
        ("decisions_after", sa.BigInteger(), "0"),
        ("decisions_upto", sa.BigInteger(), "0"),
        ("decisions_digest", sa.String(), ""),
        ("signature", sa.String(), ""),
    ):
        op.add_column("audit_seal", sa.Column(name, kind, server_default=sa.text(f"'{default}'"), nullable=False))
