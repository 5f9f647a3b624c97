"""Reports in words: which systems' mail is believed, whom it names and what it says of them."""

from __future__ import annotations

import logging
import re
from email import message_from_bytes

from flufl.bounce import all_failures

from channels.email import codes
from channels.email.read import verdict
from channels.email.read.evidence import ADDRESS, LONGEST, REPLY, after_data, around, failure
from channels.email.read.headers import Headers
from channels.email.read.mail import Failure
from channels.email.read.parts import Tree

#: bytes of a field that the library is shown; its parser takes quadratic time
LONGEST_FIELD = 1_000
log = logging.getLogger(__name__)
#: the library prints what it stumbles over, in full
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)

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


def read(tree: Tree, *, sender: str, text: str, original: Headers) -> list[Failure] | None:
    """The failures a mail system tells of without a standard; None when no mail system speaks."""
    words = _above_original(text)
    if not _suspicious(tree, sender, words, original):
        return None
    failures = _named(tree, words) or _by_library(tree, words) or _by_words(tree, words, original)
    return failures if failures or "daemon" in tree.headers.get("from").lower() else None


def _suspicious(tree: Tree, sender: str, words: str, original: Headers) -> bool:
    """Only a mail from a mail system may report a bounce; a person may quote one."""
    known = verdict.patterns()
    headers = tree.headers
    if (
        "x-failed-recipients" in headers
        or tree.headers.parameters("content-type")[1].get("report-type") == "delivery-status"
    ):
        return True
    named = bool(known["subjects"].search(headers.get("subject"))) or "mail delivery" in headers.get("from").lower()
    coded = bool(REPLY.search(words[:2000]) or codes.enhanced(words[:2000]))
    telling = (coded or bool(UNDELIVERED.search(words[:2000]))) and verdict.by_reason(words) is not None
    returns = sender.lower().startswith("mailer-daemon") and (original.fields or ADDRESS.search(words))
    return bool(returns) or (by_system(tree, sender) and (named or telling))


def by_system(tree: Tree, sender: str) -> bool:
    """Does the envelope or the sender's name speak of a mail system?"""
    if tree.headers.get("return-path").replace(" ", "") == "<>" or not sender:
        return True
    return bool(verdict.patterns()["senders"].match(sender)) or "daemon" in tree.headers.get("from").lower()


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
    """What flufl.bounce finds; it is given little, and whatever it stumbles over is its own affair."""
    fields = b"".join(
        b"%s: %s\n" % (name.encode(), value[:LONGEST_FIELD])
        for name, value in tree.headers.fields[:200]
        if name != "x-failed-recipients"
    )
    try:
        soft, hard = all_failures(message_from_bytes(fields + b"\n" + tree.raw[tree.body_at :][:100_000]))
    except Exception as error:  # RecursionError among them
        log.info("a bounce could not be read by the library", extra={"error": type(error).__name__})
        return []
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
    near = around(words, address)
    said = near if (REPLY.search(near) or verdict.by_reason(near) is not None) else words[:4000]
    status, reply = codes.enhanced(said), REPLY.search(said)
    late = after_data(f"{near} {said}")
    hard, status = verdict.classify(status=status, reply=int(reply[1]) if reply else 0, said=said, late=late)
    return failure(address, hard, status, reply, near or said, delayed=not hard and bool(STILL_TRYING.search(words)))
