"""Where to look around once the story is told: portal, console, the debtor's phone and mailbox."""

from __future__ import annotations

from outreach.cli._demo import Stage, console

EMAIL = "ana@harborpoint.example"


async def show(stage: Stage) -> None:
    """Makes a case manager's one-time sign-in and prints every door."""
    from outreach.staff import service as staff
    from outreach.staff.models import Role

    now, base = stage.context.now(), stage.context.settings.base_url
    async with stage.context.session() as session:
        await staff.add(session, now=now, email=EMAIL, name="Ana Morales", role=Role.TEAM_LEAD, actor="system:demo")
        token = await staff.link(session, now=now, email=EMAIL, actor="system:demo", life=staff.FIRST_LINK_LIFE)
    console.rule("[bold]Look around (Ctrl-C ends it)")
    console.print(f"case managers' console   {base}/console/sign-in/{token}", soft_wrap=True)
    console.print(f"a debtor's phone, mail   {base}/sandbox", soft_wrap=True)
    console.print(f"the debtors' portal      {base}/   (follow a link in a message on /sandbox)", soft_wrap=True)
    console.print(f"what the carrier got     {stage.folder / 'ledger.jsonl'}", soft_wrap=True)
