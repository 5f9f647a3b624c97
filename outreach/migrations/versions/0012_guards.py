"""Trails are insert-only: the database refuses to change or delete what happened."""

from alembic import op

revision = "0012_guards"
down_revision = "0011_jobs"

TRAILS = ("consent", "preference", "decision_record", "provider_receipt", "ledger_entry", "payment", "case_event", "audit_seal")


def upgrade() -> None:
    op.execute(
        "create function refuse_change() returns trigger language plpgsql as $$"
        " begin raise exception '% is insert-only', tg_table_name using errcode = 'integrity_constraint_violation'; end $$"
    )
    for table in TRAILS:
        op.execute(
            f"create trigger insert_only before update or delete on {table} for each row execute function refuse_change()"
        )
    # An audit row may only ever be given its place in the chain, once.
    op.execute(
        "create function refuse_audit_change() returns trigger language plpgsql as $$ begin"
        " if tg_op = 'UPDATE' and old.sealed_in is null"
        "   and to_jsonb(new) - 'sealed_in' = to_jsonb(old) - 'sealed_in' then return new; end if;"
        " raise exception 'audit_entry is insert-only' using errcode = 'integrity_constraint_violation'; end $$"
    )
    op.execute(
        "create trigger insert_only before update or delete on audit_entry"
        " for each row execute function refuse_audit_change()"
    )
