"""Is a message template fit to leave? Both languages, required parts, length, reading grade, and the words themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from channels.sms import segments as sms
from outreach import compliance
from outreach.messages import phrases, wording

#: Twilio refuses longer bodies (21617)
LONGEST_SMS = 1600
#: our own words in a text, the law's not counted (dialog-spec section 7)
LONGEST_OWN_WORDS = 480
#: plain words (U5): the grade of our own sentences, the law's own set aside
HIGHEST_GRADE = 8.0
_SHORTENERS = re.compile(
    r"https?://(bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|is\.gd|buff\.ly|rebrand\.ly)/", re.IGNORECASE
)
_SYLLABLE = re.compile(r"[aeiouyáéíóúü]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    template: str
    part: str
    problem: str

    def plain(self) -> dict[str, str]:
        return asdict(self)


def sample(name: str, *, medium: str, language: str) -> wording.Rendition:
    """With the template's own sample values, as a first communication to a Californian: everything the law adds is there."""
    template = wording.load(name)
    return wording.render(
        name,
        medium=medium,
        language=language,
        values=template.samples,
        initial=True,
        licence="10101-99",
        time_barred=True,
    )


def segments(rendition: wording.Rendition, medium: str) -> int:
    return sms.count(rendition.text).segments if medium == "sms" else 1


def lint(name: str) -> Iterator[Problem]:
    """Every problem of one template."""
    template = wording.load(name)
    if not template.media():
        yield Problem(name, "text", "has neither sms.en.txt nor email.en.txt")
    for medium in template.media():
        for language in wording.LANGUAGES:
            part = f"{medium}.{language}"
            if f"{part}.txt" not in template.parts:
                yield Problem(name, part, "is missing")
                continue
            try:
                rendition = sample(name, medium=medium, language=language)
            except wording.WordingError as error:
                yield Problem(name, part, str(error))
                continue
            yield from (Problem(name, part, problem) for problem in _problems(template, rendition, medium))


def _problems(template: wording.MessageTemplate, rendition: wording.Rendition, medium: str) -> Iterator[str]:
    for required in template.required:
        if not _stands(required, template, rendition):
            yield f"does not say {required}"
    if medium == "sms" and len(rendition.text) > LONGEST_SMS:
        yield f"has {len(rendition.text)} characters; the most is {LONGEST_SMS}"
    if medium == "sms" and len(own := _own_words(rendition.text)) > LONGEST_OWN_WORDS:
        yield f"says {len(own)} characters of its own; the most is {LONGEST_OWN_WORDS}"
    if _SHORTENERS.search(rendition.text):
        yield "uses a public link shortener, which carriers filter"
    if rendition.language == "en" and (grade := reading_grade(_own_words(rendition.text))) > HIGHEST_GRADE:
        yield f"reads at grade {grade:.1f}; the highest is {HIGHEST_GRADE:.0f}"
    words = compliance.Words(**_words(template, rendition, medium))
    yield from (f"{f.rule}: {f.reason}" for f in compliance.review(words) if f.effect is compliance.Effect.DENY)


def _words(template: wording.MessageTemplate, rendition: wording.Rendition, medium: str) -> dict[str, Any]:
    return {
        "purpose": template.purpose,
        "medium": medium,
        "languages": (rendition.language,),
        "subject": rendition.subject,
        "text": rendition.text,
        "html": rendition.html,
        "about_account": template.about_debt,
    }


def _stands(required: str, template: wording.MessageTemplate, rendition: wording.Rendition) -> bool:
    match required:
        case "disclosure":
            return rendition.disclosure != "none"
        case "stop_line":
            return rendition.stop_line
        case _:
            return str(template.samples[required]) in rendition.text


def _own_words(text: str) -> str:
    """Without links, law's sentences and the address line."""
    lines = [line for line in text.splitlines() if "Harbor Way" not in line]
    plain = re.sub(r"https?://\S+", "", "\n".join(lines))
    for law in (phrases.INITIAL, phrases.TIME_BARRED, phrases.STOP_SMS):
        for phrase in law.values():
            plain = plain.replace(phrase, "")
    return plain.strip()


def reading_grade(text: str) -> float:
    """Flesch-Kincaid grade of English text; names and figures count as written."""
    words = re.findall(r"[A-Za-z']+", text)
    sentences = max(1, len(re.findall(r"[.!?:]+(?:\s|$)|\n{2,}", text)))
    if not words:
        return 0.0
    syllables = sum(
        max(1, len(_SYLLABLE.findall(w[:-1] if w.lower().endswith("e") and len(w) > 3 else w))) for w in words
    )
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
