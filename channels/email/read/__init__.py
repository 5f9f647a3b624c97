"""What a received mail is: `read(raw)`. It never raises and is done in well under a second, whatever it is given."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from channels.contract import Attachment
from channels.email import addresses
from channels.email.read import decode, html, machine, quotes, report, spam, standards, text
from channels.email.read.evidence import ADDRESS
from channels.email.read.mail import KINDS, Failure, Mail
from channels.email.read.parts import Part, Tree, split

__all__ = ["KINDS", "Failure", "Mail", "read"]

log = logging.getLogger(__name__)

LARGEST_ATTACHMENT = 5_000_000
MOST_ATTACHMENTS = 50
LONGEST_SUBJECT = 1_000
#: bytes that are handed on as they are, of a mail nobody could read
LARGEST_UNREADABLE = 100_000
NAME = re.compile(r"[^\W\d_]{3,}")
REFERENCE = re.compile(r"<[^<>\s]{1,300}>")
#: problems that many honest mail programs have and that lose nothing
HARMLESS = frozenset({"raw 8-bit header", "too large", "too many headers", "over-long line of HTML"})
#: kinds in which no person says anything
BY_MACHINE = frozenset({"bounce_hard", "bounce_soft", "complaint", "read_receipt", "delivery_receipt"})
#: where the address a mail was really sent to is found, best evidence first
RECIPIENTS = ("x-gm-original-to", "delivered-to", "envelope-to", "x-original-to", "resent-to", "resent-cc", "to", "cc")


def read(raw: bytes) -> Mail:
    """The kind of a mail, what its writer newly wrote, and whom it says bounced."""
    try:
        return _read(raw)
    except Exception as error:  # a mail nobody imagined must not stop those behind it, and still says something
        log.error("a mail could not be read", extra={"error": type(error).__name__})
        _, _, body = raw[:LARGEST_UNREADABLE].replace(b"\r\n", b"\n").partition(b"\n\n")
        return Mail(kind="malformed", text=decode.clean(decode.text(body)).strip(), problems=["unreadable"])


def _read(raw: bytes) -> Mail:
    tree = split(raw)
    headers, problems = tree.headers, tree.problems
    problems += standards.problems(tree)
    marked = text.full(tree, problems)
    whole = marked.replace(html.MARK, "").replace(html.SIGN, "").strip()
    subject, sender = (
        decode.clean(headers.get("subject")).replace("\n", " ")[:LONGEST_SUBJECT],
        _address(headers.get("from")),
    )
    complainers = machine.complaint(tree, whole)
    told = None if complainers is not None else report.read(tree, sender=sender, text=whole)
    answers = _references(tree, told)
    recipients = [a for name in RECIPIENTS for value in headers.all(name) for a in ADDRESS.findall(value)][:50]
    names = frozenset(NAME.findall(headers.get("from")[:LONGEST_SUBJECT].lower()))
    fresh = quotes.newly_written(marked, names=names)
    if not fresh and not answers and text.bare_subject(subject) == subject.strip():
        fresh = quotes.newly_written(whole, names=names, quoted=True)
    kind = _kind(
        tree,
        told,
        complainers,
        subject=subject,
        text=whole if machine.robot(sender) else fresh or whole,
        sender=sender,
        known=bool(answers) or any(addresses.read_token(address)[1] for address in recipients),
    )
    if kind in BY_MACHINE:
        fresh = ""
    return Mail(
        kind=kind,
        text=fresh,
        full_text=whole,
        subject=subject,
        subject_text=text.subject_request(subject, fresh, names),
        lang=text.language(fresh or subject),
        failures=told.failures if told and kind in BY_MACHINE else (),
        complainers=complainers or (),
        attachments=_attachments(tree),
        problems=list(dict.fromkeys(problems)),
        sender=sender,
        message_id=next(iter(REFERENCE.findall(headers.get("message-id"))), headers.get("message-id")),
        answers=answers,
        recipients=recipients,
        original=_original(told, tree),
    )


def _kind(
    tree: Tree,
    told: report.Report | None,
    complainers: list[str] | None,
    *,
    subject: str,
    text: str,
    sender: str,
    known: bool,
) -> str:
    if complainers is not None:
        return "complaint"
    challenges = machine.challenge(tree, subject=subject, text=text)
    if told is not None and (report.by_daemon(sender) or not challenges):
        if told.failures or not told.delivered:
            return "bounce_hard" if any(failure.hard for failure in told.failures) else "bounce_soft"
        return "delivery_receipt"
    if receipt := machine.receipt(tree, subject=subject, text=text):
        return receipt
    if challenges:
        return "challenge"
    if machine.automatic(tree.headers, subject=subject, text=text, sender=sender):
        return "auto_reply"
    if spam.listed(tree.headers):
        return "spam"
    unwanted = spam.score(tree, subject=subject, text=text, known=known)
    if set(tree.problems) - HARMLESS:
        return "spam" if unwanted > 1 else "malformed"
    return "spam" if unwanted else "reply"


def _references(tree: Tree, told: report.Report | None) -> list[str]:
    """Message-IDs this mail answers: In-Reply-To, then References from the newest, then the returned mail's own."""
    direct = REFERENCE.findall(tree.headers.get("in-reply-to"))
    older = REFERENCE.findall(tree.headers.get("references"))[::-1]
    returned = REFERENCE.findall(told.original.get("message-id")) if told else []
    return list(dict.fromkeys((*returned, *direct, *older)))[:20]


def _original(told: report.Report | None, tree: Tree) -> dict[str, str]:
    found = told.original if told else machine.returned(tree)
    return {name: found.get(name) for name in ("message-id", "to", "from", "subject", "return-path") if name in found}


def _attachments(tree: Tree) -> Sequence[Attachment]:
    return [_attachment(part) for part in tree.parts if part.attached][:MOST_ATTACHMENTS]


def _attachment(part: Part) -> Attachment:
    content = decode.body(part.raw[: LARGEST_ATTACHMENT * 4 // 3], part.headers.get("content-transfer-encoding"), [])
    name = decode.clean(part.name).replace("/", "_").replace("\\", "_").strip() or "attachment"
    return Attachment(name=name[:200], content_type=part.kind, content=content[:LARGEST_ATTACHMENT])


def _address(value: str) -> str:
    found = ADDRESS.search(value.rpartition("<")[2] if "<" in value else value)
    return found[0] if found else ""
