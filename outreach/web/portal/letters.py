"""Words and files people put into a form: on the thread like every message, read for safety, kept apart from every page."""

from __future__ import annotations

from pathlib import PurePath
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import UploadFile

from channels.contract import Attachment, Inbound
from outreach import tokens
from outreach.context import Context
from outreach.conversations.receive import take_form
from outreach.errors import OutreachError
from outreach.web.portal.session import Visit

LARGEST = 5 * 1024 * 1024
#: what people photograph, scan or write; nothing that runs
TYPES = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".heic", ".txt", ".doc", ".docx", ".odt", ".eml"})


class UploadError(OutreachError):
    """This file cannot be taken."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        #: of the words to say
        self.key = key


async def attachment(upload: UploadFile | None) -> Attachment | None:
    """A file as sent, checked for size and kind. Raises UploadError with the words' key."""
    if upload is None:
        return None
    name = PurePath((upload.filename or "file").replace("\\", "/")).name
    if PurePath(name).suffix.lower() not in TYPES:
        raise UploadError("file_type")
    content = await upload.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise UploadError("file_size")
    if not content:
        raise UploadError("file_empty")
    return Attachment(name=name, content_type=upload.content_type or "application/octet-stream", content=content)


async def take(
    context: Context, session: AsyncSession, visit: Visit, *, subject: str, text: str, file: Attachment | None = None
) -> UUID | None:
    """Store what a form said, `subject` being the words of the choice; gives its message."""
    said = Inbound(
        provider_id=f"form-{tokens.new_id()}",
        sender=f"portal:{visit.debtor_id}",
        to="portal",
        subject=subject,
        text=text,
        attachments=[file] if file else [],
    )
    heard = await take_form(session, said, context=context, channel="web", now=context.now(), debtor_id=visit.debtor_id)
    return heard.message_id if heard else None
