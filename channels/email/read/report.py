"""Reports about mail of ours: which recipients failed and whether their addresses are dead. RFC 3464 first, then
flufl.bounce, then the words of systems that follow no standard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from channels.email import codes
from channels.email.read import decode, notification, prose, verdict
from channels.email.read.evidence import ADDRESS, LONGEST, REPLY, after_data, around, failure
from channels.email.read.headers import Headers, read_headers
from channels.email.read.mail import Failure
from channels.email.read.parts import Part, Tree

DIAGNOSTIC = ("diagnostic-code", "x-display-name", "x-postfix-queue-id", "x-supplementary-info")


@dataclass(frozen=True, slots=True)
class Report:
    failures: list[Failure]
    delivered: bool  #: it tells of success only
    original: Headers


def read(tree: Tree, *, sender: str, text: str) -> Report | None:
    """None when the mail is no report on a delivery."""
    original = _original(tree)
    if blocks := list(_status_blocks(tree, believed=prose.by_system(tree, sender))):
        return _standard(blocks, original, text)
    if notified := notification.bounces(text):
        return Report(notified, False, original)
    if notification.delivered(text):
        return Report([], True, original)
    failures = prose.read(tree, sender=sender, text=text, original=original)
    return None if failures is None else Report(failures, False, original)


def by_daemon(sender: str) -> bool:
    """Does a mail system speak, which never challenges anybody?"""
    return sender.lower().startswith(("mailer-daemon", "postmaster")) or not sender


def _status_blocks(tree: Tree, *, believed: bool) -> Iterator[Headers]:
    """The per-recipient groups of fields, also of systems that send them as plain text; a person may paste them."""
    for part in tree.parts:
        raw = decode.body(part.raw[:LONGEST], part.headers.get("content-transfer-encoding"), [])
        if part.kind not in {
            "message/delivery-status",
            "message/global-delivery-status",
            "message/delivery-report",
        } and not (
            re.search(rb"(?im)^final-recipient:", raw)
            and re.search(rb"(?im)^action:", raw)
            and not part.attached
            and believed
        ):
            continue
        for block in _blocks(raw):
            fields, _, _ = read_headers(block.lstrip() + b"\n", 0)
            if ("final-recipient" in fields or "original-recipient" in fields) and (
                "action" in fields or "status" in fields
            ):
                yield fields


def _blocks(raw: bytes) -> Iterator[bytes]:
    """Groups end with an empty line; some systems leave it out, some name the recipient last of all."""
    if b"\x1b$" in raw:  # ISO 2022 says by itself that it is there; the fields of a report have no other way to say so
        raw = raw.decode("iso2022_jp_2", "replace").encode()
    for group in re.split(rb"(?:\r?\n[ \t]*){2,}", raw):
        recipients = len(re.findall(rb"(?im)^final-recipient:", group))
        yield from re.split(rb"(?im:\n(?=final-recipient:))", group) if recipients > 1 else (group,)


def _standard(blocks: list[Headers], original: Headers, text: str) -> Report | None:
    failures, delivered = [], False
    for fields in blocks:
        address = _recipient(fields)
        action = fields.get("action").partition(";")[0].strip().lower()
        if action.startswith(("deliver", "relay", "expand")) and not codes.enhanced(fields.get("status")).startswith(
            "5"
        ):
            delivered = True
            continue
        said = " ".join(fields.get(name) for name in DIAGNOSTIC).strip()
        status = codes.enhanced(fields.get("status"))
        reply = REPLY.search(said)
        context = said if len(said) > 12 else f"{said} {around(text[: LONGEST * 5], address)}"
        told = f"{said} {text[:LONGEST] if len(blocks) == 1 else around(text[:LONGEST], address)}"
        late = after_data(told)
        hard, status = verdict.classify(status=status, reply=int(reply[1]) if reply else 0, said=context, late=late)
        delayed = action.startswith("delay")
        failures.append(failure(address, hard and not delayed, status, reply, said, delayed=delayed))
    return Report(failures, delivered and not failures, original) if failures or delivered else None


def _recipient(fields: Headers) -> str:
    """Whom we wrote to: the original recipient where it is told, else the one that failed."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = fields.get(name)
        found = ADDRESS.search(value.partition(";")[2] or value)
        if found:
            return found[0].strip("<>'\"")
    return fields.get("final-recipient").partition(";")[2].strip(" <>")


def _original(tree: Tree) -> Headers:
    """Headers of the returned message, as a part of its own or pasted into the text."""
    for part in tree.of(
        "message/rfc822",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/partial",
        "message/global",
        "message/global-headers",
    ):
        return _headers_of(part)
    for part in tree.parts:
        found = re.search(rb"(?im)^[ \t>]*(?:return-path|received|message-id|from): ", part.raw[:LONGEST])
        if found and found.start() > 40:
            pasted, _, _ = read_headers(
                re.sub(rb"(?m)^[ \t]*> ?", b"", part.raw[found.start() : found.start() + LONGEST]), 0
            )
            if "message-id" in pasted or "to" in pasted:
                return pasted
    return Headers()


def _headers_of(part: Part) -> Headers:
    raw = decode.body(part.raw[:LONGEST], part.headers.get("content-transfer-encoding"), [])
    headers, _, _ = read_headers(raw.lstrip(b"\r\n"), 0)
    return headers
