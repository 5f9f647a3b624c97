"""A new link for who lost theirs. The answer is the same for every address, known or not, in words and in time."""

from __future__ import annotations

import phonenumbers
import structlog
from fastapi import APIRouter, BackgroundTasks, Request, Response

from outreach import db
from outreach.context import Context
from outreach.messages import outbox
from outreach.messages.drafts import Draft
from outreach.web import forms, limits, pages, words
from outreach.web.deps import ContextDep

router = APIRouter()
log = structlog.get_logger(__name__)

#: new links one person may ask for in a day: enough for the forgetful, useless for a nuisance
A_DAY = 3

_KNOWN = """
select cp.id, cp.debtor_id, cp.kind from contact_point cp
where cp.address = :address and cp.status = 'current'
  and (select count(*) from message m where m.debtor_id = cp.debtor_id and m.template = 'new_link'
         and m.created_at > cast(:now as timestamptz) - interval '1 day') < :a_day
"""


@router.post("/new-link")
async def ask(request: Request, context: ContextDep, background: BackgroundTasks) -> Response:
    fields = await forms.read(request)
    typed = fields.get("contact", "")
    if not typed:
        errors = {"contact": words.speaker(pages.language(request))("new_link.contact_missing")}
        return pages.render(request, "portal/front.html", status=422, errors=errors)
    limits.of(request).check("new_link", request)
    limits.of(request).count("new_link", request)
    # Looked up after the answer has left, so that its time says nothing. Lost with a crash: they ask again.
    answer = pages.render(request, "portal/new_link_sent.html")
    background.add_task(_send, context, address(typed))
    answer.background = background
    return answer


async def _send(context: Context, wanted: str) -> None:
    async with context.session() as session:
        now = context.now()
        for point in await db.rows(session, _KNOWN, address=wanted, now=now, a_day=A_DAY):
            draft = Draft(
                debtor_id=point["debtor_id"],
                channel="sms" if point["kind"] == "phone" else "email",
                purpose="sign_in_code",
                template="new_link",
                contact_point_id=point["id"],
                about_debt=False,
            )
            sent = await outbox.submit(session, draft, now=now, settings=context.settings)
            log.info("portal.new_link", status=sent.status, code=sent.code)


def address(typed: str) -> str:
    """A number or mailbox as contact points are stored: E.164, or a lower-case domain."""
    if "@" in typed:
        name, _, domain = typed.strip().rpartition("@")
        return f"{name}@{domain.lower()}"
    try:
        return phonenumbers.format_number(phonenumbers.parse(typed, "US"), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        return typed
