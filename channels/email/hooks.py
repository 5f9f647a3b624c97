"""Mail that arrives for us, as the application's mail server or mailbox hands it over."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from channels.contract import FailureClass, Forged, Hook, Inbound, Receipt, ReceiptState
from channels.email import addresses, codes
from channels.email.read import Failure, Mail, read

#: the only doors mail comes in by; a web request is none of them
DOORS = frozenset({"LMTP", "IMAP"})
OUR_MESSAGE_ID = re.compile(r"<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@", re.IGNORECASE)
#: a line of a mail (RFC 5322 2.1.1); an id beyond it is nobody's, and an index has no room for it
LONGEST_ID = 998
REPORTS = {"bounce_hard", "bounce_soft", "delivery_receipt"}


def mail_hook(raw: bytes, *, recipient: str, sender: str = "", door: str = "LMTP") -> Hook:
    """One received mail in the shape of all provider news. `recipient` and `sender` are the envelope's."""
    return Hook(method=door, url="", headers={"recipient": recipient, "sender": sender}, body=raw)


def verify(hook: Hook) -> None:
    """Mail has no signature of a provider: it must have come in by a door of our own."""
    if hook.method not in DOORS:
        raise Forged("Mail does not arrive by web request.")


def parse(hook: Hook, *, secret: str) -> Sequence[Receipt | Inbound]:
    """The events in one mail. A bounce counts only at an address we signed: anybody can write a report."""
    mail = read(hook.body)
    to = [hook.headers.get("recipient", ""), *mail.recipients]
    if mail.kind == "complaint":
        return [_complaint(mail, to, secret)]
    if mail.kind in REPORTS:
        named = _signed(to, secret)
        return [_receipt(mail, named)] if named else []
    return [_inbound(mail, to)]


def _signed(candidates: Sequence[str], secret: str) -> addresses.Bounced | None:
    found = (addresses.read_bounce_address(address, secret=secret) for address in candidates)
    return next((named for named in found if named), None)


def _receipt(mail: Mail, named: addresses.Bounced) -> Receipt:
    worst = next((failure for failure in mail.failures if failure.hard), None) or next(iter(mail.failures), None)
    state = _state(mail, worst)
    status = worst.status if worst else ""
    return Receipt(
        provider_id=mail.original.get("message-id", "").strip()[:LONGEST_ID] or f"<{named.message_id}@>",
        state=state,
        event_key=f"{named.message_id}:{named.attempt}:{state}:{status}",
        message_id=named.message_id,
        attempt=named.attempt,
        failure=_failure(worst) if worst and state is ReceiptState.FAILED else None,
        code=status or (str(worst.reply) if worst and worst.reply else ""),
        reason=worst.reason if worst else "",
        address=worst.address if worst else "",
        raw=_raw(mail),
    )


def _state(mail: Mail, worst: Failure | None) -> ReceiptState:
    if mail.kind == "delivery_receipt":
        return ReceiptState.DELIVERED
    return ReceiptState.SENDING if worst and worst.delayed else ReceiptState.FAILED


def _failure(failure: Failure) -> FailureClass:
    """The address is dead only when the reader says so; the code alone may blame it for our fault."""
    if failure.hard:
        return FailureClass.PERM_ADDR
    found = codes.meaning(status=failure.status, reply=0).failure
    return FailureClass.TEMP if found is FailureClass.PERM_ADDR else found


def _complaint(mail: Mail, to: Sequence[str], secret: str) -> Receipt:
    """Believed without a signature: to fall silent for a complaint somebody invented costs little."""
    named = _signed([*to, mail.original.get("return-path", "")], secret)
    provider_id = mail.original.get("message-id", "").strip()[:LONGEST_ID]
    ours = OUR_MESSAGE_ID.search(provider_id)
    message_id = named.message_id if named else UUID(ours[1]) if ours else None
    return Receipt(
        provider_id=provider_id,
        state=ReceiptState.DELIVERED,
        event_key=f"{message_id or provider_id or mail.message_id[:LONGEST_ID]}:complaint",
        message_id=message_id,
        attempt=named.attempt if named else None,
        reason="The person reported the mail as unwanted.",
        address=next(iter(mail.complainers), ""),
        complaint=True,
        raw=_raw(mail),
    )


def _inbound(mail: Mail, to: Sequence[str]) -> Inbound:
    kind, token = next((found for found in map(addresses.read_token, to) if found[1]), ("", ""))
    digest = hashlib.sha256(f"{mail.subject}\0{mail.full_text}".encode("utf-8", "replace")).hexdigest()[:16]
    said = "\n".join(part for part in (mail.subject_text, mail.text) if part)
    return Inbound(
        provider_id=f"{mail.message_id[:LONGEST_ID]}#{digest}",
        sender=_tidy(mail.sender),
        to=next((address for address in to if address), ""),
        text=said,
        full_text=mail.full_text,
        subject=mail.subject,
        in_reply_to=mail.answers,
        token=token,
        kind=mail.kind,
        opt_out_type="STOP" if kind == "unsub" else "",
        attachments=mail.attachments,
        raw=_raw(mail),
    )


def _tidy(address: str) -> str:
    try:
        return addresses.normalize(address)
    except ValueError:
        return address[:320]


def _raw(mail: Mail) -> dict[str, Any]:
    """What may be stored beside the event as JSON; the mail itself is kept by whoever received it."""
    return {
        "kind": mail.kind,
        "lang": mail.lang,
        "references": " ".join(reversed(mail.answers)),
        "problems": list(mail.problems),
        "bounced": mail.bounced,
        "soft_bounced": mail.soft_bounced,
    }
