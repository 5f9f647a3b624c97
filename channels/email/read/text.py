"""The words of a mail: which rendition a person reads, in what language, and whether the subject says it all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from channels.email.read import decode, html
from channels.email.read.parts import Part, Tree

TELLING = {"ñ": "es", "¿": "es", "¡": "es", "ß": "de", "ã": "pt", "õ": "pt", "œ": "fr", "ê": "fr"}
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
SCRIPTS = (
    ("ru", "\u0400", "\u04ff"),
    ("ar", "\u0600", "\u06ff"),
    ("he", "\u0590", "\u05ff"),
    ("el", "\u0370", "\u03ff"),
    ("ja", "\u3040", "\u30ff"),
    ("ko", "\uac00", "\ud7af"),
    ("zh", "\u4e00", "\u9fff"),
)
LONGEST_SUBJECT = 500
#: a telephone number, an address, a moment
REACHED = re.compile(r"\S+@\S+|\+?\(?\d[\d\s().:/-]*(?:[ap]\.?m\b\.?)?", re.IGNORECASE)
HTML_ONLY = re.compile(
    r"^\W*(?:this (?:message|e-?mail) (?:requires|is in) html|(?:your|please use an) .{0,60}html)", re.IGNORECASE
)
LOOKS_HTML = re.compile(r"<\s*(?:html|body|div|p|br|table|span)\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Words:
    """The data of `text.yaml`, compiled."""

    prefix: re.Pattern[str]
    empty: re.Pattern[str]
    idle: re.Pattern[str]
    request: re.Pattern[str]
    wish: re.Pattern[str]
    small: Mapping[str, frozenset[str]]


@cache
def _words() -> _Words:
    loaded = yaml.safe_load(resources.files(__package__).joinpath("text.yaml").read_text("utf-8"))
    return _Words(
        prefix=re.compile(
            rf"^\s*(?:(?:{'|'.join(loaded['prefixes'])})\s?(?:\[\d+\]|\(\d+\))?\s?[:：]|\[(?:ext|external|spam)\])\s*",
            re.I,
        ),
        empty=re.compile(rf"^\W*(?:{'|'.join(loaded['empty'])}|\?|\.)?\W*$", re.IGNORECASE),
        idle=re.compile(rf"\b(?:{'|'.join(loaded['idle'])})\b", re.IGNORECASE),
        wish=re.compile(rf"^\W*(?:{'|'.join(loaded['wishes'])})\b", re.IGNORECASE),
        request=re.compile(rf"\b(?:{'|'.join(loaded['requests'])})\b", re.IGNORECASE),
        small={language: frozenset(words.split()) for language, words in loaded["small_words"].items()},
    )


def full(tree: Tree, problems: list[str]) -> str:
    """Everything the writer's program shows, quotations included, with the marks of `html`."""
    shown = [part for part in tree.of("text/plain", "text/html") if not part.attached]
    plain = [_plain(part, problems) for part in shown if part.kind == "text/plain"]
    joined = "\n".join(text for text in plain if text.strip())
    if joined.strip() and not HTML_ONLY.match(joined):
        return joined
    pages = [html.to_text(decode.clean(_decoded(part, problems))) for part in shown if part.kind == "text/html"]
    return "\n".join(page for page in pages if page.strip()) or joined


def _plain(part: Part, problems: list[str]) -> str:
    text = _decoded(part, problems)
    if LOOKS_HTML.search(text[:2000]) and text.count("<") > 3:
        return html.to_text(decode.clean(text))
    flowed = part.parameters.get("format", "").lower() == "flowed"
    text = decode.clean(text.replace(html.MARK, "").replace(html.SIGN, ""))
    return _unflow(text, delete=part.parameters.get("delsp", "").lower() == "yes") if flowed else text


def _decoded(part: Part, problems: list[str]) -> str:
    data = decode.body(part.raw, part.headers.get("content-transfer-encoding"), problems)
    return decode.text(data, part.parameters.get("charset", ""))


def _unflow(text: str, *, delete: bool) -> str:
    """format=flowed (RFC 3676): a line that ends in a space goes on in the next one of the same quotation depth."""
    out: list[str] = []
    flowing = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        stuffed = line[1:] if line.startswith(" ") else line
        if flowing and not quoted and out and not out[-1].startswith(">"):
            out[-1] += stuffed
        else:
            out.append(stuffed)
        flowing = line.endswith(" ") and not quoted and line != "-- "
        if flowing and delete:
            out[-1] = out[-1][:-1]
    return "\n".join(out)


def bare_subject(subject: str) -> str:
    """Without Re:, Fwd: and their cousins."""
    for _ in range(6):
        shorter = _words().prefix.sub("", subject, count=1)
        if shorter == subject:
            break
        subject = shorter
    return subject.strip()


def subject_request(subject: str, text: str, names: frozenset[str] = frozenset()) -> str:
    """The subject, when what the person wants stands there and not (only) in the body.

    `names`: the words of the writer's own name in lower case; a body that only gives it asks nothing.
    """
    subject = subject[:LONGEST_SUBJECT]
    bare, known = bare_subject(subject), _words()
    own = bare == subject.strip()
    said = REACHED.sub(" ", text[:LONGEST_SUBJECT]) if len(text) < LONGEST_SUBJECT else text[:LONGEST_SUBJECT]
    words = [word for word in known.idle.sub(" ", said).split() if re.search(r"\w", word)]
    empty = len(text) < 200 and (
        bool(known.empty.match(text)) or all(word.strip(".,-").lower() in names for word in words)
    )
    asks = len(bare) < 200 and bool(known.request.search(bare))
    wishes = own and len(bare) < 200 and bool(known.wish.match(bare))
    return bare if (own and empty) or (asks and (own or empty)) or wishes else ""


def language(text: str) -> str:
    """ISO 639-1 by its smallest words; "en" for a text too short to tell, "" for none."""
    sample = text[:4000].lower()
    if not sample.strip():
        return ""
    for code, first, last in SCRIPTS:
        if sum(first <= c <= last for c in sample) * 3 > sum(c.isalpha() for c in sample):
            return code
    said = Counter(word.replace("’", "'") for word in WORD.findall(sample))
    scores = {
        code: sum(count for word, count in said.items() if word in known) for code, known in _words().small.items()
    }
    for sign, code in TELLING.items():
        scores[code] += 2 * min(sample.count(sign), 3)
    best = max(scores, key=lambda code: (scores[code], code == "en"))
    return best if scores[best] else "en"
