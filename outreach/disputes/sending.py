"""Answers that leave through our own doors: a mail with the words, or the words in the portal and a message that says so.

The gate judges them like everything else (`verification`, `duplicative_dispute_notice`): VAL-05 wants E-SIGN consent for
them. What it refuses goes by post.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach.disputes import answers, queries
from outreach.disputes.models import DisputeStatus
from outreach.messages import outbox
from outreach.messages.drafts import Draft
from outreach.settings import Settings

#: how -> channel and template
_WAYS = {"email": ("email", "dispute_answer"), "portal": ("preferred", "documents")}


class RefusedAnswerError(answers.DisputeError):
    """The gate refuses this answer; send it by post."""

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        said = " ".join(f"{rule}: {reason}" for rule, reason in reasons)
        super().__init__(f"It cannot be sent this way; your words are kept. Send it by post. {said}")


async def send(
    session: AsyncSession,
    *,
    now: datetime,
    settings: Settings,
    dispute_id: int,
    method: str,
    words: str,
    staff_id: int,
    case_id: int | None = None,
) -> None:
    """Answer a dispute by one of METHODS. What is sent here is watched until it arrived (`disputes.watch`).

    Raises RefusedAnswerError, and DisputeError as `answers.answer` does; the caller rolls back.
    """
    found = await queries.dispute(session, dispute_id=dispute_id)
    if found is None:
        raise answers.UnknownDisputeError
    sent = None
    if method in _WAYS:
        draft = _draft(found, method=method, words=words, staff_id=staff_id, case_id=case_id)
        sent = await outbox.submit(session, draft, now=now, settings=settings)
        if sent.status != "queued":
            raise RefusedAnswerError(sent.reasons)
    await answers.answer(
        session,
        now=now,
        dispute_id=dispute_id,
        method=method,
        actor=f"staff:{staff_id}",
        words=words,
        message_id=sent.message_id if sent else None,
    )


def _draft(dispute: Mapping[str, Any], *, method: str, words: str, staff_id: int, case_id: int | None) -> Draft:
    channel, template = _WAYS[method]
    duplicate = dispute["status"] == DisputeStatus.DUPLICATE
    return Draft(
        debtor_id=dispute["debtor_id"],
        channel=channel,
        purpose="duplicative_dispute_notice" if duplicate else "verification",
        template=template,
        values={"text": words},
        account_ids=[dispute["account_id"]],
        staff_id=staff_id,
        case_id=case_id,
    )
