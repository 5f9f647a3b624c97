"""Questions to Twilio's log of messages: what became of one, and what people wrote while we were away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from twilio.base.exceptions import TwilioException, TwilioRestException

from channels.contract import Inbound, Misconfigured, Receipt, Unsure
from channels.sms import hooks

#: how far Twilio's own time of creation may lie from ours (channel facts: within five minutes of the attempt)
DRIFT = timedelta(minutes=5)
PAGE = 100
#: and the most Twilio gives at once
LARGEST_PAGE = 1000
#: messages of one number in a day worth paging through
MOST = 2000


async def lookup(
    twilio: Any, *, message_id: UUID, to: str, since: datetime, body: str, until: datetime, known: Collection[str] = ()
) -> Receipt | None:
    """The message Twilio created for an attempt begun at `since`: same number, same body, same time.

    `DateSent` is null until sent and its filter is day-grained, so the list is asked by number and matched on the time
    of creation. A message that failed at the provider is news as well: it was accepted once.
    """
    for found in await _list(twilio, to=to, limit=MOST):
        if found.sid in known or not found.date_created or found.body != body:
            continue
        if since - DRIFT <= found.date_created <= until + DRIFT:
            return _receipt(found, message_id=message_id)
    return None


async def fetch(twilio: Any, sid: str) -> Receipt | None:
    try:
        return _receipt(await twilio.messages(sid).fetch_async())
    except TwilioRestException as error:
        if error.status == 404:
            return None
        raise _unasked(error) from error
    except (TwilioException, ValueError, TypeError, AttributeError) as error:
        raise _unasked(error) from error


async def inbound_since(twilio: Any, since: datetime) -> Sequence[Inbound]:
    """Every message people sent to numbers of this account since then, oldest first."""
    day = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    heard = []
    try:
        log = await twilio.messages.stream_async(page_size=LARGEST_PAGE, date_sent_after=day - timedelta(days=1))
        async for message in log:  # newest first, what we sent among it: the whole of it however much we send
            if message.date_created and message.date_created < since - DRIFT:
                break
            if message.direction == "inbound":
                heard.append(message)
    except (TwilioException, ValueError, TypeError, AttributeError, KeyError) as error:
        raise _unasked(error) from error
    return [_inbound(message) for message in reversed(heard)]


async def _list(twilio: Any, **asked: Any) -> list[Any]:
    try:
        listed: list[Any] = await twilio.messages.list_async(page_size=PAGE, **asked)
    except (TwilioException, ValueError, TypeError, AttributeError, KeyError) as error:
        raise _unasked(error) from error
    return listed


def _unasked(error: Exception) -> Misconfigured | Unsure:
    if getattr(error, "status", None) in {401, 403}:
        return Misconfigured(
            "Twilio does not accept the account's SID and token.", code=str(getattr(error, "code", ""))
        )
    return Unsure("Twilio's log could not be read.", code=str(getattr(error, "code", "") or ""))


def _receipt(message: Any, *, message_id: UUID | None = None) -> Receipt:
    status, code = str(message.status or ""), str(message.error_code or "")
    raw = {"status": status, "error_code": code, "num_segments": message.num_segments}
    return hooks.receipt(sid=message.sid, status=status, code=code, raw=raw, message_id=message_id)


def _inbound(message: Any) -> Inbound:
    fields = {"MessageSid": message.sid, "From": message.from_, "To": message.to, "Body": message.body or ""}
    return hooks.inbound(fields, sid=message.sid, received_at=message.date_created)
