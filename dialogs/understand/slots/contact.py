"""Phones, mailboxes, identity answers, references, and masking of what must not be kept."""

from __future__ import annotations

import re
from datetime import date

from dialogs.understand.slots import dates, spoken

PHONE = re.compile(r"(?<![\d$#-])(?:\+?1[\s.-]*)?\(?([2-9]\d{2})\)?[\s.-]*([2-9]\d{2})[\s.-]*(\d{4})(?!\d)")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.I)
_CASE = re.compile(
    r"(?:case|caso|docket|petition)\s*(?:#|number|num(?:ero)?|no\.?|nr\.?|n[uú]mero|is|:|es)*\s*:?\s*#?\s*([0-9A-Z][0-9A-Za-z:-]*\d[0-9A-Za-z:-]*)",
    re.I,
)
_CASE_BARE = re.compile(r"\b(\d{1,2}(?::\d{2})?-(?:bk-)?\d{4,6}(?:-[A-Za-z]{2,3})?)\b", re.I)
_CHAPTER = re.compile(
    r"(?<![a-z])(?:chapter|chap\.?|ch\.?|capitulo)\s*(7|11|12|13|seven|eleven|twelve|thirteen|siete|once|trece)\b"
)
_CHAPTERS = {"seven": "7", "eleven": "11", "twelve": "12", "thirteen": "13", "siete": "7", "once": "11", "trece": "13"}
_REF = re.compile(
    r"(?:(?:account|acct\.?|acc|cuenta|ref(?:erence|erencia)?\.?|file|expediente)(?: ?(?:number|num|no\.?|#|numero))?(?: (?:is|es|that ends|that|que))?(?: ?(?:ending|ends|ended|ending with|terminad[ao]|termina|acaba|finishing))?(?: (?:in|with|on|en|con))?|(?:ending|ends|terminad[ao]|termina) (?:in|with|en|con)|(?:one|that) ends|the one ending|la que termina en)\s*:?\s*#?\s*(\d{3,})(?![\d-])"
)
#: four bare digits that name an account: "the 7710 one", "the couch (1188)", "2204 is the one"
_REF_BARE = re.compile(r"(?<![\d$.,/-])\(?(\d{4})(?:\)| (?:one|account|acct|cuenta)(?![a-z])| is the (?:one|account))")
_ZIP = re.compile(
    r"(?:zip(?: ?code)?|codigo postal|c\.?p\.?|postal(?: code)?)\s*(?:is|es|:|de|,)*\s*(\d{5})(?:-\d{4})?\b|\b(\d{5})(?:-\d{4})?\b(?=[^\d]{0,12}(?:zip|codigo postal))"
)
_FIVE = re.compile(r"(?<![\d$.,/-])(\d{5})(?:-\d{4})?(?![\d/]|[.,]\d)")
_SSN4 = re.compile(
    r"(?:last (?:4|four)(?: (?:of (?:my |the )?)?(?:social|ssn|ss))?|ssn|social(?: security)?|ultimos (?:4|cuatro)(?: (?:de(?:l)? )?(?:mi )?(?:seguro(?: social)?|social|ssn))?|seguro social)(?:\s*(?:is|are|es|son|ends in|ending|number|:|of|de|my|mi|termina en|digits|digitos|#))*\s*(\d{4})(?!\d)"
)
_DIGIT_WORDS = "zero|oh|one|two|three|four|five|six|seven|eight|nine"
#: five digits said one by one
_FIVE_SAID = re.compile(rf"(?<![a-z])(?:{_DIGIT_WORDS})(?:[ -](?:{_DIGIT_WORDS})){{4}}(?![a-z])")
_LAST_OF = re.compile(
    r"(?<![\d/])(\d{4})(?= (?:is |are )?(?:the |my )?last (?:4 |four )?of (?:my |the )?(?:social|ssn))"
)
_YEAR_SAID = re.compile(
    rf"(?<![a-z])(?:nineteen|mil novecientos|(?P<k>two thousand|dos mil)) (?:and |y )?(?P<w>{spoken.WORDS.pattern})"
)
_SHORT_NUMERIC = re.compile(r"(?<![\d/-])(\d{1,2})[-/](\d{1,2})[-/](\d{2})(?![\d/-])")
_BARE_CHAPTER = re.compile(
    r"(?<![a-z])(?:filed|in|under|did|doing) (?:a |an )?(7|11|12|13)(?!\d| ?(?:[a-z]+s(?![a-z])|am|pm|of|%|/)|[/:.,]\d)|(?<![a-z0-9])(seven|thirteen|7|13) is the chapter"
)
_DOB_WORD = re.compile(
    r"(?:d\.?o\.?b\.?|born|birth(?:day|date)?|date of birth|bday|b-day|naci|nacimiento|nacid[oa]|cumpleanos)"
)
_SHORT_YEAR = re.compile(
    r"((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?,?|\d{1,2}(?:st|nd|rd|th)? (?:of |de )?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*\.?(?: de(?:l)?|,)?) '?(\d{2})(?![\d/-])"
)
_CARD = re.compile(r"(?<!\d)(?:\d[ .-]?){12,18}\d(?!\d)")
_SSN = re.compile(r"(?<!\d)\d{3}[- ]\d{2}[- ]\d{4}(?!\d)")
_BANK = re.compile(
    r"((?:routing|aba|account|acct|bank account|cuenta(?: bancaria)?|ruta|checking|savings)(?: (?:number|no\.?|#|numero))?(?: (?:is|es))?\s*[:#]?\s*)(\d{8,17})(?!\d)",
    re.I,
)
_CVV = re.compile(r"((?:cvv2?|cvc|security code|codigo de seguridad)\s*(?:is|es|:|#)?\s*)(\d{3,4})(?!\d)", re.I)


def mask(text: str) -> str:
    """Card, bank and full social security numbers replaced by bullets; applied on arrival, before anything is stored."""
    text = _CARD.sub(_masked_card, text)
    text = _SSN.sub("•••-••-••••", text)
    text = _BANK.sub(lambda m: m[1] + "•" * len(m[2]), text)
    return _CVV.sub(lambda m: m[1] + "•" * len(m[2]), text)


def _masked_card(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    return "•" * len(digits) if _luhn(digits) or len(digits) >= 15 else match[0]


def _luhn(digits: str) -> bool:
    total = 0
    for i, digit in enumerate(reversed(digits)):
        n = int(digit) * (2 if i % 2 else 1)
        total += n - 9 if n > 9 else n
    return total % 10 == 0


def contact(low: str) -> tuple[dict[str, str], str]:
    """Phone and mailbox, and the text with them blanked."""
    found: dict[str, str] = {}
    match = EMAIL.search(low)
    if match:
        found["email"] = match[0].rstrip(".")
    low = EMAIL.sub(_blank, low)
    phone = PHONE.search(low)
    if phone:
        found["phone"] = "+1" + "".join(phone.groups())
    return found, PHONE.sub(_blank, low)


def references(text: str, low: str) -> tuple[dict[str, str], str]:
    """Chapter, case number and account reference; blanked so that no figure is read twice."""
    found: dict[str, str] = {}
    chapter = _CHAPTER.search(low)
    if chapter:
        said = chapter[1] or chapter[2]
        found["chapter"] = _CHAPTERS.get(said, said)
        case = _CASE.search(text) or _CASE_BARE.search(text)
    else:
        bare = _BARE_CHAPTER.search(low)
        if bare:
            found["chapter"] = _CHAPTERS.get(bare[1] or bare[2], bare[1] or bare[2])
        case = _CASE.search(text)
    if case:
        found["case_number"] = case[1].rstrip(".-:")
        low = low.replace(case[1].lower(), " " * len(case[1]))
    for pattern in (_REF, _REF_BARE):
        ref = pattern.search(low)
        if ref:
            found.setdefault("account_ref", ref[1])
            low = pattern.sub(_blank, low)
    return found, _CHAPTER.sub(_blank, low)


def identity(low: str, today: date, *, asked: bool) -> tuple[dict[str, str], str]:
    """ZIP, date of birth, last four of the social security number; bare figures count only when asked for."""
    found: dict[str, str] = {}
    low = _FIVE_SAID.sub(lambda m: f"{spoken.value(m[0].replace('oh', 'zero')):05.0f}", low)
    low = _YEAR_SAID.sub(lambda m: f"{(2000 if m['k'] else 1900) + spoken.value(m['w']):.0f}", low)
    ssn = _SSN4.search(low) or _LAST_OF.search(low)
    if ssn:
        found["ssn_last4"] = ssn[1]
        low = _LAST_OF.sub(_blank, _SSN4.sub(_blank, low))
    zipped = _ZIP.search(low) or (_FIVE.search(low) if asked else None)
    if zipped:
        found["zip"] = next(g for g in zipped.groups() if g)
        low = low[: zipped.start()] + " " * (zipped.end() - zipped.start()) + low[zipped.end() :]
    if asked or _DOB_WORD.search(low):
        spread = re.sub(r"(?<!\d)(\d{2})(\d{2})(19\d{2}|20\d{2})(?!\d)", r"\1/\2/\3", low)
        spread = re.sub(r"(?<!\d)(\d{1,2})[ .](\d{1,2})[ .]((?:19|20)?\d{2})(?!\d)", r"\1/\2/\3", spread)
        spread = _SHORT_YEAR.sub(
            lambda m: f"{m[1]} 19{m[2]}" if int(m[2]) > today.year % 100 else f"{m[1]} 20{m[2]}", spread
        )
        spread = _SHORT_NUMERIC.sub(
            lambda m: f"{m[1]}/{m[2]}/{'19' if int(m[3]) > today.year % 100 - 10 else '20'}{m[3]}", spread
        )
        born = [d for d in dates.days(spread, today, past=True) if d.date.year <= today.year - 10]
        if born:
            found["dob"] = born[0].date.isoformat()
            low = spread[: born[0].start] + " " * (born[0].end - born[0].start) + spread[born[0].end :]
    return found, low


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
