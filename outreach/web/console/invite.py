"""Sign-in links by mail, after the answer has left: how long it takes tells nobody whether the address is known."""

from __future__ import annotations

import structlog

from channels.contract import Outgoing, SendError
from outreach import tokens
from outreach.context import Context
from outreach.staff import service as staff

log = structlog.get_logger(__name__)

_TEXT = """Here is your sign-in link for the {company} console. It works once, for ten minutes:

{url}

If you did not ask for it, do nothing: nobody can sign in without it.
"""


def url(context: Context, token: str) -> str:
    """Where a sign-in link leads."""
    return f"{context.settings.base_url}/console/sign-in/{token}"


async def by_mail(context: Context, *, email: str) -> None:
    """Mail a link to a colleague's address; silently nothing when nobody active has it or email is off.

    Colleagues are not debtors: no debt is spoken of and no contact rule applies, so this does not pass the outbox.
    """
    async with context.session() as session:
        token = await staff.link(session, now=context.now(), email=email, actor="system:sign-in")
    channel = context.channels.get("email")
    if token is None or channel is None:
        return
    text = _TEXT.format(company=context.settings.company_name, url=url(context, token))
    message = Outgoing(
        message_id=tokens.new_id(), attempt=1, to=email.strip().lower(), subject="Your sign-in link", text=text
    )
    try:
        await channel.send(message)
    except SendError as error:
        log.warning("sign_in.mail_failed", code=error.code)
