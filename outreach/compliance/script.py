"""Rendered words as the word rules see them: plain, without accents, without what the law demands to be said."""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from msgspec.structs import replace

from outreach.compliance import disputes, location
from outreach.compliance.facts import Fact, Facts
from outreach.compliance.lazy import lazy
from outreach.compliance.sieve import Sieve
from outreach.compliance.situation import Situation
from outreach.compliance.views.subject import REQUIRED_KINDS

HERE = Path(__file__).parent
TAG = re.compile(r"<(style|script)\b.*?</\1>|<[^>]+>", re.DOTALL | re.IGNORECASE)
MONEY = re.compile(r"(?<!\w)(?:\$|usd|£|€)\s?\d|\d[\d,.]*\s?(?:\$|usd\b|dollars?\b|dolares\b|pounds?\b)")


class Words(Fact, frozen=True, kw_only=True):
    """A rendition. What is None is taken from the facts given with it, and else assumed not to be so."""

    purpose: str  #: the `kind` of a decision case
    medium: str  #: sms | email | voice | mail | web
    text: str  #: what the person reads
    languages: tuple[str, ...] = ("en",)
    subject: str = ""
    preview: str = ""
    html: str = ""
    #: contains account information, so the person must be told who writes (D1 or D2)
    about_account: bool = True
    first: bool | None = None  #: the first communication: D1 instead of D2
    verified: bool = True  #: the address is confirmed to be the debtor's
    crisis: bool = False  #: an answer to words of self-harm: help and nothing else
    states: tuple[str, ...] | None = None
    time_barred: bool | None = None
    in_validation_period: bool | None = None
    settled: bool | None = None  #: every debt it is about is paid, settled or closed
    bound: bool | None = None  #: federal collection law binds the sender; None without facts: yes
    licence: str = ""  #: the collector's California licence number
    #: names, creditors and references that must not be seen by a stranger
    private: tuple[str, ...] = ()


@cache
def phrases(name: str) -> re.Pattern[str]:
    """The alternatives listed under `name` in `words/phrases.yaml`, as one pattern on plain words."""
    listed: dict[str, list[str]] = yaml.safe_load((HERE / "words" / "phrases.yaml").read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{each})" for each in listed[name]))


@cache
def sieve(*names: str) -> Sieve:
    """Which of these lists of `phrases.yaml` some words may hold."""
    return Sieve({name: phrases(name) for name in names})


@cache
def _statements() -> list[re.Pattern[str]]:
    listed: list[str] = yaml.safe_load((HERE / "words" / "statements.yaml").read_text(encoding="utf-8"))
    ordered = sorted(listed, key=len, reverse=True)
    return [re.compile(re.escape(plain(each)).replace(r"\ ", r"\s+")) for each in ordered]


@cache
def _set_aside() -> Sieve:
    return Sieve({str(n): pattern for n, pattern in enumerate(_statements())})


@cache
def _combining() -> dict[int, None]:
    """Accents by themselves, as `str.translate` drops them: ten times faster than asking each letter of a mail."""
    return {code: None for code in range(0x300, sys.maxunicode + 1) if unicodedata.combining(chr(code))}


def plain(text: str) -> str:
    """Lower case, no accents, single spaces, straight quotes."""
    decomposed = unicodedata.normalize(
        "NFKD", text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    )
    bare = decomposed if decomposed.isascii() else decomposed.translate(_combining())
    return " ".join(bare.casefold().split())


def closed(words: Words, facts: Facts) -> Words:
    """The same words with everything a review takes from facts stated: nothing else of the person can change its answer."""
    script = Script(words, facts)
    return replace(
        words,
        states=tuple(sorted(script.states)),
        first=script.first,
        time_barred=script.time_barred,
        in_validation_period=script.in_validation_period,
        settled=script.settled,
        bound=script.bound,
    )


class Script:
    """Lazy views over words and, when known, the facts of the person they are for."""

    def __init__(self, words: Words, facts: Facts | None) -> None:
        self.words = words
        self.situation = Situation(facts, facts.message.at) if facts else None

    @lazy
    def body(self) -> str:
        """All the person reads below the subject, plain; an HTML part counts as much as the text."""
        text, markup = self._both
        return markup if text in markup else f"{text} {markup}".strip()

    @lazy
    def parts(self) -> list[str]:
        """The text and, when there is one, the HTML part: each must stand alone. A page around the text stands where it does."""
        text, markup = self._both
        return [text] if not markup or (text and text in markup) else [text, markup]

    @lazy
    def _both(self) -> tuple[str, str]:
        """Text and HTML part, plain."""
        return plain(self.words.text), plain(html.unescape(TAG.sub(" ", self.words.html)))

    @lazy
    def own(self) -> str:
        """The body less what the law demands to be said: the part that is our own choice of words."""
        rest = self.body
        for n in sorted(map(int, _set_aside()(rest))):  # the longest first: others may be part of it
            rest = _statements()[n].sub(" ", rest)
        return rest

    @lazy
    def outside(self) -> str:
        """What a bystander sees: subject and preview."""
        return plain(f"{self.words.subject} \n {self.words.preview}")

    @lazy
    def states(self) -> frozenset[str]:
        if self.words.states is not None:
            return frozenset(self.words.states)
        return location.states(self.situation.consumer.addresses) if self.situation else frozenset()

    @lazy
    def first(self) -> bool:
        if self.words.first is not None or self.situation is None:
            return bool(self.words.first)
        begun = [debt.initial_communication_at for debt in self.situation.debts]
        return any(at is None or at > self.situation.at for at in begun)

    @lazy
    def time_barred(self) -> bool:
        return self._known(self.words.time_barred, lambda s: any(debt.time_barred for debt in s.debts))

    @lazy
    def in_validation_period(self) -> bool:
        return self._known(
            self.words.in_validation_period, lambda s: any(disputes.in_period(s, debt, s.at) for debt in s.debts)
        )

    @lazy
    def settled(self) -> bool:
        return self._known(self.words.settled, lambda s: all(debt.status != "open" for debt in s.debts))

    @lazy
    def bound(self) -> bool:
        """Whether the sender owes the statements of federal collection law."""
        if self.words.bound is not None:
            return self.words.bound
        return self.situation.bound if self.situation else True

    @lazy
    def required(self) -> bool:
        """A disclosure the law demands, whose subject may name the creditor and a truncated reference."""
        return self.words.purpose in REQUIRED_KINDS

    def _known(self, stated: bool | None, derive: Any) -> bool:
        if stated is not None:
            return stated
        return bool(self.situation and derive(self.situation))
