"""What Twilio tells us: is the request its own, and what does it say. Algorithm: Twilio's "webhooks security" page."""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import UUID

from twilio.request_validator import RequestValidator

from channels.contract import Attachment, FailureClass, Forged, Hook, Inbound, Receipt, ReceiptState
from channels.sms import codes, numbers

STATES = {
    "accepted": ReceiptState.ACCEPTED,
    "scheduled": ReceiptState.ACCEPTED,
    "queued": ReceiptState.QUEUED,
    "sending": ReceiptState.SENDING,
    "sent": ReceiptState.SENT,
    "partially_delivered": ReceiptState.SENT,
    "undelivered": ReceiptState.FAILED,
    "failed": ReceiptState.FAILED,
    "canceled": ReceiptState.FAILED,
    "delivered": ReceiptState.DELIVERED,
    "read": ReceiptState.READ,
}
#: longest text kept of one inbound message; ten full segments, many times over
LONGEST_TEXT = 16_000
PURE_BASE64 = re.compile(r"[A-Za-z0-9+/\r\n]{60,}={0,2}\s*")
MOST_MEDIA = 10


class Form:
    """The fields of a form with repeated keys kept: what the signature covers (a dict would drop them)."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = tuple(pairs)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for name, _ in self.pairs))

    def __bool__(self) -> bool:
        return bool(self.pairs)

    def getlist(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]

    def first(self) -> dict[str, str]:
        """Without NUL, which is signed for but which PostgreSQL keeps nowhere: not in the text, the ids or the raw record."""
        return {key.replace("\x00", ""): value.replace("\x00", "") for key, value in reversed(self.pairs)}


def verify(hook: Hook, *, tokens: Sequence[str]) -> None:
    """Raise `Forged` unless one of the account's auth tokens signed this very request.

    A JSON body is covered by `bodySHA256` in the URL and by nothing else, so it is checked as text; an empty form
    would pass for any body. The URL is the configured one: Host and X-Forwarded-* are the sender's to choose.
    """
    signature = hook.headers.get("x-twilio-signature", "")
    if not signature or not signature.isascii():
        raise Forged("The request carries no usable signature.")
    covered: Any = _covered(hook)
    if not any(RequestValidator(token).validate(hook.url, covered, signature) for token in tokens if token):
        raise Forged("The signature does not match the request.")


def parse(hook: Hook) -> Sequence[Receipt | Inbound]:
    """One event a request: a status of a message of ours, or words from a person. Unknown requests give nothing."""
    fields = _form(hook).first()
    sid = fields.get("MessageSid") or fields.get("SmsSid") or fields.get("SmsMessageSid") or ""
    status = (fields.get("MessageStatus") or fields.get("SmsStatus") or "").lower()
    if not sid:
        return ()
    if status in STATES:
        return (_receipt(hook, fields, sid, status),)
    return (inbound(fields, sid=sid),) if "From" in fields else ()


def _covered(hook: Hook) -> Form | str:
    by_hash = "bodySHA256" in parse_qs(urlsplit(hook.url).query)
    is_form = _is_form(hook)
    if by_hash == is_form and (by_hash or hook.body):
        raise Forged("The body is not of the kind that was signed.")
    if not by_hash:
        return _form(hook)
    try:
        return hook.body.decode("utf-8", errors="strict")
    except UnicodeDecodeError as error:
        raise Forged("The body is not UTF-8.") from error


def _is_form(hook: Hook) -> bool:
    kind = hook.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in {"application/x-www-form-urlencoded", "multipart/form-data"}


def _form(hook: Hook) -> Form:
    if hook.form is not None:
        return Form((key, value) for key, value in hook.form.multi_items() if isinstance(value, str))
    if not _is_form(hook):
        return Form(())
    try:
        text = hook.body.decode("utf-8", errors="replace")
        return Form(parse_qsl(text, keep_blank_values=True, max_num_fields=1000))
    except ValueError:
        return Form(())


def _receipt(hook: Hook, fields: Mapping[str, str], sid: str, status: str) -> Receipt:
    query = {name: values[0] for name, values in parse_qs(urlsplit(hook.url).query).items()}
    message_id, attempt = _uuid(query.get("message", "")), query.get("attempt", "")
    return receipt(
        sid=sid,
        status=status,
        code=fields.get("ErrorCode", ""),
        message_id=message_id,
        attempt=int(attempt) if attempt.isdecimal() and len(attempt) < 6 else None,
        raw=fields,
    )


def receipt(
    *,
    sid: str,
    status: str,
    code: str,
    raw: Mapping[str, Any],
    message_id: UUID | None = None,
    attempt: int | None = None,
) -> Receipt:
    """Provider news from a callback or from the provider's log: the same event has the same key either way."""
    state = STATES.get(status, ReceiptState.ACCEPTED)
    found = codes.meaning(int(code)) if code.isdecimal() and len(code) < 7 and int(code) else None
    failed = state is ReceiptState.FAILED
    return Receipt(
        provider_id=sid,
        state=state,
        event_key=f"{sid}:{status}:{code}",
        message_id=message_id,
        attempt=attempt,
        failure=((found.failure if found else None) or FailureClass.TEMP) if failed else None,
        code=code,
        reason=found.reason if found else ("The carrier gave no reason." if failed else ""),
        raw=raw,
    )


def inbound(fields: Mapping[str, str], *, sid: str, received_at: datetime | None = None) -> Inbound:
    """Words from a person, from the webhook or from the provider's log."""
    count = fields.get("NumMedia", "0")
    media = min(int(count), MOST_MEDIA) if count.isdecimal() and len(count) < 4 else 0
    text = _text(fields.get("Body", ""), media=media)
    answered = fields.get("OriginalRepliedMessageSid", "")
    return Inbound(
        provider_id=sid,
        sender=numbers.tidy(fields.get("From", "")),
        to=numbers.tidy(fields.get("To", "")),
        text=text,
        full_text=text,
        in_reply_to=(answered,) if answered else (),
        opt_out_type=fields.get("OptOutType", "").upper(),
        attachments=tuple(
            Attachment(name=f"media-{i}", content_type=fields.get(f"MediaContentType{i}", ""), url=url)
            for i in range(media)
            if (url := fields.get(f"MediaUrl{i}", ""))
        ),
        received_at=received_at,
        raw=fields,
    )


def _text(body: str, *, media: int = 0) -> str:
    """Readable words: NUL (which PostgreSQL refuses) removed, capped, base64 of some carriers' long texts decoded."""
    if not media and PURE_BASE64.fullmatch(body):
        with contextlib.suppress(binascii.Error, UnicodeDecodeError):
            body = base64.b64decode(body, validate=False).decode("utf-8", errors="strict")
    return body.replace("\x00", "")[:LONGEST_TEXT]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
