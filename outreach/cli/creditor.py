"""Creditors: their terms, and whether texts about their debts may leave."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from outreach.cli._within import within

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)


@app.command(name="list", epilog="Example: outreach creditor list --json")
def list_(as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False) -> None:
    """All creditors with their written terms."""
    import json

    from outreach import db

    async def act(context: Any) -> list[dict[str, Any]]:
        async with context.session() as session:
            sql = (
                "select name, relationship, sms_allowed, sms_allowed_reason, min_monthly_cents, max_months,"
                " first_payment_within_days from creditor order by name"
            )
            return [dict(row) for row in await db.rows(session, sql)]

    found = within(act)
    if as_json:
        print(json.dumps(found))
        return
    for row in found:
        texts = "texts on" if row["sms_allowed"] or row["relationship"] == "first_party" else "texts off"
        print(f"{row['name']:<36} {row['relationship']:<12} {texts}")


@app.command(
    epilog='Example: outreach creditor sms "Fairview Medical Group" --reason "approved sender, agreement of 2 March"'
)
def sms(
    name: Annotated[str, typer.Argument(help="the creditor's name")],
    reason: Annotated[
        str, typer.Option(help="why texts about debts owed to others may leave; empty turns them off")
    ] = "",
) -> None:
    """Turn texts about a creditor's debts on with a reason, or off without one. Carriers forbid them by default (PROV-03)."""
    from outreach.accounts import service

    async def act(context: Any) -> None:
        async with context.session() as session:
            await service.allow_sms(session, now=context.now(), name=name, reason=reason, actor="system:cli")

    within(act)
    print(f"texts about debts owed to {name} are {'on' if reason.strip() else 'off'}")
