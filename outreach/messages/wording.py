"""Template + values -> rendition. Only approved sentences leave: every text here comes from `templates/messages/`.

A template is a folder: `sms.en.txt`, `subject.en.txt`, `email.en.txt` (and `.es.`), `values.toml`. The HTML of a mail is its
text in `_layout.html`, so that both say the same. The application adds what law demands: `disclosure`, `stop_line`, `licence`,
`time_barred` are chosen here from facts, per language.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from outreach.errors import OutreachError
from outreach.messages import phrases

TEMPLATES = Path(__file__).parents[2] / "templates" / "messages"
LANGUAGES = ("en", "es")


class UnknownTemplateError(OutreachError):
    """There is no such message template. `outreach template lint` lists them."""

    status = 404


class WordingError(OutreachError):
    """A message could not be worded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """What a person will read, and which of the law's sentences stand in it."""

    subject: str
    text: str
    html: str
    language: str
    template: str
    template_version: str
    #: initial | subsequent | none
    disclosure: str = "none"
    stop_line: bool = False
    licence: bool = False


class Planned(NamedTuple):
    """What was made of a draft when it was planned."""

    subject: str
    text: str
    html: str
    language: str
    #: of `LAYOUT`; "" where no HTML was made
    layout: str = ""
    #: fingerprint of words that passed their review
    reviewed: str = ""


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """One folder, compiled once."""

    name: str
    version: str
    #: the `kind` list of decision-cases.yaml
    purpose: str
    about_debt: bool
    samples: Mapping[str, Any]
    required: tuple[str, ...]
    parts: Mapping[str, Template] = field(repr=False)

    def media(self) -> list[str]:
        return [m for m in ("sms", "email") if f"{m}.en.txt" in self.parts]


def _environment(*, html: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=html, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False
    )
    environment.filters["money"] = phrases.money
    environment.filters["day"] = phrases.day
    environment.globals = {}
    return environment


_TEXT = _environment(html=False)
_LAYOUT_SOURCE = (TEMPLATES / "_layout.html").read_text(encoding="utf-8")
_LAYOUT = _environment(html=True).from_string(_LAYOUT_SOURCE)
#: what a mail's HTML depends on beside its text, language and subject: the layout, and the code that fills it
LAYOUT = hashlib.sha256(_LAYOUT_SOURCE.encode() + Path(__file__).read_bytes()).hexdigest()[:12]
_LINK = re.compile(r"https?://\S+")


@lru_cache
def load(name: str) -> MessageTemplate:
    """A template by name, compiled once. Raises UnknownTemplateError."""
    folder = TEMPLATES / name
    if "/" in name or "." in name or not (folder / "values.toml").is_file():
        raise UnknownTemplateError(f"There is no message template {name!r}; there are: {', '.join(names())}.")
    values = tomllib.loads((folder / "values.toml").read_text(encoding="utf-8"))
    hasher, parts = hashlib.sha256(), {}
    for path in sorted(folder.iterdir()):
        source = path.read_text(encoding="utf-8")
        hasher.update(path.name.encode() + b"\0" + source.encode() + b"\0")
        if path.name != "values.toml":
            parts[path.name] = _TEXT.from_string(source.rstrip("\n"))
    return MessageTemplate(
        name=name,
        version=hasher.hexdigest()[:12],
        purpose=values["purpose"],
        about_debt=values.get("about_debt", True),
        samples=values["sample"],
        required=tuple(values.get("required", ())),
        parts=parts,
    )


def names() -> list[str]:
    return sorted(p.parent.name for p in TEMPLATES.glob("*/values.toml"))


def render(
    name: str,
    *,
    medium: str,
    language: str,
    values: Mapping[str, Any],
    initial: bool,
    licence: str = "",
    time_barred: bool = False,
    collector: bool = True,
    reach: str = "",
    planned: Planned | None = None,
) -> Rendition:
    """Word one message. `initial`: no communication about these debts happened yet (D1), else D2.

    `reach` says how to reach us, where a law asks for that beside the disclosure.
    `collector` is False where the creditor writes in its own name (12 CFR 1006.2(i)): then no collector disclosure is due.
    Raises WordingError naming the missing value.
    """
    template = load(name)
    used = language if f"{medium}.{language}.txt" in template.parts else "en"
    if f"{medium}.{used}.txt" not in template.parts:
        raise WordingError(f"Template {name} has no words for {medium}; choose another channel or add {medium}.en.txt.")
    discloses = template.about_debt and collector
    law = {
        "disclosure": f"{phrases.disclosure(used, initial=initial)} {reach}".strip() if discloses else "",
        "stop_line": phrases.stop_line(used, medium),
        "licence": phrases.licence(used, licence) if licence else "",
        "time_barred": phrases.TIME_BARRED[used] if time_barred and template.about_debt else "",
    }
    part = _Parts(template, used, {**values, **law})
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r" {2,}", " ", part(f"{medium}.{used}.txt")))
    subject = part(f"subject.{used}.txt") if medium == "email" else ""
    return Rendition(
        subject=subject,
        text=text,
        html=page(text, used, subject, planned=planned) if medium == "email" else "",
        language=used,
        template=name,
        template_version=template.version,
        disclosure=("initial" if initial else "subsequent") if discloses and law["disclosure"] in text else "none",
        stop_line=bool(law["stop_line"]) and law["stop_line"] in text,
        licence=bool(law["licence"]) and law["licence"] in text,
    )


def page(text: str, language: str, subject: str, *, planned: Planned | None = None) -> str:
    """The text's paragraphs in the house's mail layout, escaped, with its links made into links.

    The page that was planned, where it was made of the same in the same way.
    """
    if planned and (planned.text, planned.language, planned.subject, planned.layout) == (
        text,
        language,
        subject,
        LAYOUT,
    ):
        return planned.html

    def linked(match: re.Match[str]) -> str:
        return f'<a href="{match[0]}" style="color:#0b5c63">{match[0]}</a>'

    paragraphs = [
        Markup(_LINK.sub(linked, str(escape(p))).replace("\n", "<br>"))  # noqa: S704 - escaped just here
        for p in re.split(r"\n{2,}", text)
        if p.strip()
    ]
    return _LAYOUT.render(paragraphs=paragraphs, language=language, subject=subject)


@dataclass(frozen=True, slots=True)
class _Parts:
    template: MessageTemplate
    language: str
    values: Mapping[str, Any]

    def __call__(self, part: str) -> str:
        try:
            return self.template.parts[part].render({**self.values, "language": self.language}).strip()
        except Exception as error:
            raise WordingError(f"Template {self.template.name}, {part}: {error}") from error
