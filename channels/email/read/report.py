"""Reports about mail of ours: which recipients failed and whether their addresses are dead. RFC 3464 first, then
flufl.bounce, then the words of systems that follow no standard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes

from flufl.bounce import all_failures

from channels.email import codes
from channels.email.read import decode, parts, verdict
from channels.email.read.mail import Failure
from channels.email.read.parts import Headers, Part, Tree

ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*\.)*[A-Za-z0-9-]+")
REPLY = re.compile(r"(?<![\d.:#@-])([45]\d\d)(?=[ \t#-])")
STILL_TRYING = re.compile(
    r"warning message only|do not need to resend|will be retried|will (?:keep|continue) trying|"
    r"still being (?:retried|attempted)|"
    r"delivery (?:will be|has been) (?:re-?attempted|delayed)|has not (?:yet )?been delivered|keep trying",
    re.IGNORECASE,
)
UNDELIVERED = re.compile(
    r"did not reach|(?:could ?n.t|could not|cannot|can.t) be delivered|undeliverable|delivery (?:has )?failed|"
    r"unable to deliver|not a valid user|(?:message|mail) (?:was|has been) (?:rejected|returned|refused)",
    re.IGNORECASE,
)
#: text of a report worth reading; below it is the returned message
LONGEST = 20_000
#: lines around an address in which its reason stands
NEAR = 4
DIAGNOSTIC = ("diagnostic-code", "x-display-name", "x-postfix-queue-id", "x-supplementary-info")


@dataclass(frozen=True, slots=True)
class Report:
    failures: list[Failure]
    delivered: bool  #: it tells of success only
    original: Headers


def read(tree: Tree, *, sender: str, text: str) -> Report | None:
    """None when the mail is no report on a delivery."""
    original = _original(tree)
    if blocks := list(_status_blocks(tree)):
        return _standard(blocks, original, text)
    if notified := _notified(text):
        return Report(notified, False, original)
    words = _above_original(text)
    if not _suspicious(tree, sender, words):
        return None
    failures = _named(tree, words) or _by_library(tree, words) or _by_words(tree, words, original)
    daemon = "daemon" in tree.headers.get("from").lower()
    return Report(failures, False, original) if failures or daemon else None


def by_daemon(sender: str) -> bool:
    """Does a mail system speak, which never challenges anybody?"""
    return sender.lower().startswith(("mailer-daemon", "postmaster")) or not sender


def _status_blocks(tree: Tree) -> Iterator[Headers]:
    """The per-recipient groups of fields, also of systems that send them as plain text."""
    for part in tree.parts:
        raw = decode.body(part.raw[:LONGEST], part.headers.get("content-transfer-encoding"), [])
        if part.kind not in {
            "message/delivery-status",
            "message/global-delivery-status",
            "message/delivery-report",
        } and not (
            re.search(rb"(?im)^final-recipient:", raw) and re.search(rb"(?im)^action:", raw) and not part.attached
        ):
            continue
        for block in re.split(rb"(?:\r?\n[ \t]*){2,}|(?im:\n(?=final-recipient:))", raw):
            fields, _, _ = parts.read_headers(block.lstrip() + b"\n", 0)
            if ("final-recipient" in fields or "original-recipient" in fields) and (
                "action" in fields or "status" in fields
            ):
                yield fields


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
        context = said if len(said) > 12 else f"{said} {_around(text, address)}"
        hard, status = verdict.classify(status=status, reply=int(reply[1]) if reply else 0, said=context)
        delayed = action.startswith("delay")
        failures.append(_failure(address, hard and not delayed, status, reply, said, delayed=delayed))
    return Report(failures, delivered and not failures, original) if failures or delivered else None


def _failure(
    address: str, hard: bool, status: str, reply: re.Match[str] | None, said: str, *, delayed: bool = False
) -> Failure:
    return Failure(
        address=address,
        hard=hard,
        status=status,
        reply=int(reply[1]) if reply else 0,
        reason=" ".join(said.split())[:300],
        delayed=delayed,
    )


def _recipient(fields: Headers) -> str:
    """Whom we wrote to: the original recipient where it is told, else the one that failed."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = fields.get(name)
        found = ADDRESS.search(value.partition(";")[2] or value)
        if found:
            return found[0].strip("<>'\"")
    return fields.get("final-recipient").partition(";")[2].strip(" <>")


def _suspicious(tree: Tree, sender: str, words: str) -> bool:
    """Only a mail from a mail system may report a bounce; a person may quote one."""
    known = verdict.patterns()
    headers = tree.headers
    if (
        "x-failed-recipients" in headers
        or tree.headers.parameters("content-type")[1].get("report-type") == "delivery-status"
    ):
        return True
    null = headers.get("return-path").replace(" ", "") == "<>"
    robot = bool(known["senders"].match(sender)) or not sender or "daemon" in headers.get("from").lower()
    named = bool(known["subjects"].search(headers.get("subject"))) or "mail delivery" in headers.get("from").lower()
    coded = bool(REPLY.search(words[:2000]) or codes.enhanced(words[:2000]))
    telling = (coded or bool(UNDELIVERED.search(words[:2000]))) and verdict.by_reason(words) is not None
    return (robot and (named or telling)) or (null and (named or telling))


def _above_original(text: str) -> str:
    lines = text[: LONGEST * 2].split("\n")
    pattern = verdict.patterns()["original"]
    end = next((at for at, line in enumerate(lines) if at > 2 and len(line) < 300 and pattern.match(line)), len(lines))
    return "\n".join(lines[:end])[:LONGEST]


def _named(tree: Tree, words: str) -> list[Failure]:
    """Exim and Google name the recipients in a header of their own."""
    found = ADDRESS.findall(",".join(tree.headers.all("x-failed-recipients")))
    return [_judge(address, words) for address in dict.fromkeys(found)]


def _by_library(tree: Tree, words: str) -> list[Failure]:
    soft, hard = all_failures(message_from_bytes(tree.raw[:100_000]))
    addresses = [*sorted(hard), *sorted(set(soft) - set(hard))]
    return [_judge(address.decode("ascii", "replace"), words) for address in addresses[:50] if b"@" in address]


def _by_words(tree: Tree, words: str, original: Headers) -> list[Failure]:
    """Every address above the returned message that is neither a mail system's nor ours."""
    ours = set(ADDRESS.findall(" ".join((*tree.headers.all("to"), *tree.headers.all("from"), original.get("from")))))
    known = {address.lower() for address in ours}
    telling = "\n".join(
        line for line in words.split("\n") if REPLY.search(line) or not verdict.patterns()["help"].search(line)
    )
    found = dict.fromkeys(address.strip(".'") for address in ADDRESS.findall(telling))
    named = [a for a in found if a.lower() not in known and not verdict.patterns()["senders"].match(a)]
    return [_judge(address, words) for address in (named or ADDRESS.findall(original.get("to")))[:20]]


def _judge(address: str, words: str) -> Failure:
    near = _around(words, address)
    said = near if (REPLY.search(near) or verdict.by_reason(near) is not None) else words[:4000]
    status, reply = codes.enhanced(said), REPLY.search(said)
    hard, status = verdict.classify(status=status, reply=int(reply[1]) if reply else 0, said=said)
    return _failure(address, hard, status, reply, near or said, delayed=not hard and bool(STILL_TRYING.search(words)))


def _around(text: str, address: str) -> str:
    """The line of an address and those after it until one gives the reason, else those before it."""
    lines = [line.strip() for line in text.split("\n")]
    at = next((n for n, line in enumerate(lines) if address and address.lower() in line.lower()), None)
    if at is None:
        return ""
    said = ""
    for line in lines[at : at + NEAR + 1]:
        said = f"{said} {line}".strip()
        if verdict.by_reason(said.replace(address, "")) is not None:
            return said
    before = " ".join(lines[max(0, at - 2) : at])
    return before if verdict.by_reason(before) is not None else said


def _notified(text: str) -> list[Failure]:
    """Amazon's notifications: JSON in the body of a mail."""
    start, end = text.find('{"'), text.rfind("}")
    if not 0 <= start < end or "otificationType" not in text or end - start > LONGEST * 5:
        return []
    try:
        told = json.loads(text[start : end + 1].replace("\n", ""))
        bounce = told.get("bounce") or json.loads(told.get("Message", "{}")).get("bounce") or {}
        hard = bounce.get("bounceType") == "Permanent"
        rows = [
            (str(r["emailAddress"]), str(r.get("diagnosticCode", "")), str(r.get("status", "")))
            for r in bounce["bouncedRecipients"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
    return [
        _failure(
            address, hard and verdict.classify(status=status, reply=0, said=said)[0], status, REPLY.search(said), said
        )
        for address, said, status in rows
    ]


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
            pasted, _, _ = parts.read_headers(
                re.sub(rb"(?m)^[ \t]*> ?", b"", part.raw[found.start() : found.start() + LONGEST]), 0
            )
            if "message-id" in pasted or "to" in pasted:
                return pasted
    return Headers()


def _headers_of(part: Part) -> Headers:
    raw = decode.body(part.raw[:LONGEST], part.headers.get("content-transfer-encoding"), [])
    headers, _, _ = parts.read_headers(raw.lstrip(b"\r\n"), 0)
    return headers
