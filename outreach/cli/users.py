"""Colleagues: add one and print the link of their first sign-in."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


@app.callback()
def users() -> None:
    """Keeps `add` a command of its own while it is the only one."""


@app.command()
def add(
    email: str,
    role: Annotated[str, typer.Option(help="case_manager, team_lead, compliance, admin or creditor")],
    name: Annotated[str, typer.Option(help="As colleagues and debtors see it; otherwise made from the address")] = "",
    creditor: Annotated[str, typer.Option(help="Whose accounts a user with the role creditor sees")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object")] = False,
) -> None:
    """Add a colleague, or give one another role, and print a sign-in link: one use, one day.

    Example: outreach users add ana@example.com --role case_manager --name "Ana Diaz"
    """
    import asyncio
    import json

    from outreach.staff.models import Role

    if role not in list(Role):
        raise typer.BadParameter(f"choose one of {', '.join(Role)}", param_hint="--role")
    link = asyncio.run(_add(email=email, role=role, name=name, creditor=creditor))
    print(
        json.dumps({"email": email, "role": role, "link": link}) if as_json else f"{email} is {role}. Sign in:\n{link}"
    )


async def _add(*, email: str, role: str, name: str, creditor: str) -> str:
    from outreach import app as application
    from outreach import settings
    from outreach.staff import service as staff

    async with (
        application.running(settings.get(), channels_on=False, dialog=False) as context,
        context.session() as session,
    ):
        now, actor = context.now(), "system:cli"
        creditor_id = await staff.creditor_named(session, name=creditor) if creditor else None
        await staff.add(session, now=now, email=email, role=role, actor=actor, name=name, creditor_id=creditor_id)
        token = await staff.link(session, now=now, email=email, actor=actor, life=staff.FIRST_LINK_LIFE)
        return f"{context.settings.base_url}/console/sign-in/{token}"
