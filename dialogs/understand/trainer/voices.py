"""Reads data/voices_*.txt: what invented people write, with what it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data"

LABELS = {
    "oo": "opt_out",
    "oi": "opt_in",
    "he": "help",
    "ce": "cease_communication",
    "at": "attorney_representation",
    "bk": "bankruptcy",
    "de": "deceased",
    "wn": "wrong_number",
    "it": "identity_theft",
    "di": "dispute",
    "rv": "request_validation",
    "oc": "original_creditor_request",
    "ab": "ask_balance",
    "ad": "ask_debt_details",
    "pp": "propose_plan",
    "ac": "accept_offer",
    "dc": "decline_offer",
    "so": "settlement_offer",
    "pn": "pay_now",
    "pr": "promise_to_pay",
    "ap": "already_paid",
    "ha": "hardship",
    "ip": "inconvenient_time_or_place",
    "cp": "channel_preference",
    "uc": "update_contact",
    "ah": "ask_human",
    "co": "complaint",
    "sh": "threat_or_self_harm",
    "gr": "greeting",
    "th": "thanks",
    "af": "affirm",
    "dn": "deny",
    "in": "inform",
    "le": "legitimacy_question",
    "ls": "language_switch",
    "rs": "reschedule_payment",
    "ps": "plan_status",
    "cx": "cancel_plan",
    "sm": "servicemember",
    "mi": "minor",
    "os": "out_of_scope",
}
SLOTS = {
    "a": "amount",
    "mn": "amount_min",
    "mx": "amount_max",
    "dp": "down_payment",
    "pc": "percent",
    "fb": "full_balance",
    "f": "frequency",
    "n": "count",
    "st": "start_date",
    "d": "date",
    "r": "reason",
    "ph": "phone",
    "em": "email",
    "ch": "channel",
    "nc": "not_channel",
    "tw": "time_window",
    "qw": "quiet_window",
    "dy": "days",
    "qd": "quiet_days",
    "pl": "place",
    "lg": "language",
    "cpt": "chapter",
    "cn": "case_number",
    "rf": "account_ref",
    "zip": "zip",
    "dob": "dob",
}
FREQUENCIES = {
    "d": "daily",
    "w": "weekly",
    "b": "biweekly",
    "s": "semimonthly",
    "m": "monthly",
    "q": "quarterly",
    "p": "per_paycheck",
}
_HEADER = re.compile(
    r"^\[(?P<voice>\w+) (?P<style>\w+) (?P<lang>en|es) (?P<channel>sms|email|web) (?P<split>train|held)\]$"
)
_LINE = re.compile(r"^(?P<labels>[a-z+|]+)(?:@(?P<expecting>\w+))? : (?P<text>.*?)(?: => (?P<slots>.*))?$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a voice; `text` and `slots` still hold {a} {b} {c} for amounts. `slots` None: not annotated."""

    voice: str
    lang: str
    channel: str
    split: str
    labels: tuple[str, ...]
    text: str
    expecting: str | None = None
    slots: dict[str, str] | None = field(default_factory=dict)


def lines() -> Iterator[Line]:
    """Every line of every voice, in the order of the files. Raises ValueError naming a line it cannot read."""
    for path in sorted(DATA.glob("voices_*.txt")):
        voice: dict[str, str] = {}
        for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not raw.strip() or raw.startswith("#"):
                continue
            if header := _HEADER.match(raw):
                voice = header.groupdict()
                continue
            match = _LINE.match(raw)
            if not match:
                raise ValueError(f"{path.name} line {number}: {raw!r}")
            yield Line(
                voice=voice["voice"],
                lang=voice["lang"],
                channel=voice["channel"],
                split=voice["split"],
                labels=tuple(LABELS[c] for c in re.split(r"[+|]", match["labels"])),
                text=match["text"],
                expecting=match["expecting"],
                slots=_slots(match["slots"]),
            )


def _slots(text: str | None) -> dict[str, str] | None:
    if text is None or text.strip() == "-":
        return None
    pairs = (pair.split("=", 1) for pair in text.split(";"))
    return {SLOTS[k.strip()]: v.strip() for k, v in pairs}


def value(name: str, text: str) -> Any:
    """A slot's value as JSON has it."""
    if name == "frequency":
        return FREQUENCIES[text]
    if name in {"amount", "amount_min", "amount_max", "down_payment", "percent"}:
        return float(text)
    if name == "count":
        return int(text)
    return True if name == "full_balance" else text


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of phrases.txt: a way of saying something, with its choices."""

    lang: str
    labels: tuple[str, ...]
    pattern: str
    expecting: str | None = None


def phrases() -> Iterator[Phrase]:
    """Every way of saying. Raises ValueError naming a line it cannot read."""
    lang = ""
    for number, raw in enumerate((DATA / "phrases.txt").read_text(encoding="utf-8").splitlines(), 1):
        if not raw.strip() or raw.startswith("#"):
            continue
        if raw in {"[en]", "[es]"}:
            lang = raw[1:-1]
            continue
        code, colon, pattern = raw.partition(" : ")
        code, _, expecting = code.partition("@")
        codes = re.split(r"[+|]", code)
        if not colon or not set(codes) <= LABELS.keys():
            raise ValueError(f"phrases.txt line {number}: {raw!r}")
        yield Phrase(lang, tuple(LABELS[c] for c in codes), pattern, expecting or None)
