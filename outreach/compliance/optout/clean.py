"""What a person newly wrote, as plain words: quotes and reactions gone, letters joined, slang and contractions spelled out."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from outreach.compliance.optout import spelling

HERE = Path(__file__).parent
#: Characters read; more than any letter a person writes, and it bounds the time a hostile one can cost.
LONGEST = 20_000
LOOK_ALIKES = str.maketrans(
    "аеорсухкмтвніѕԁԛԝΟοΡρΑΕΤΝΜΙΥΧΒΗΚ’‘‛ʼ´`“”„«»—–‐‑−", "aeopcyxkmtbnisdqwOoPpAETNMIYXBHK''''''\"\"\"\"\"-----"
)
SIGNS = {"🛑": " stop ", "⛔": " stop ", "✋": " stop ", "🚫": " stop ", "🖕": " fuck you ", "🙅": " no "}
REACTION = re.compile(
    r"\s*(?:(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted (?:with )?\S+ to|removed an? \S+ from|"
    r"le gust[oó]|le encant[oó]|no le gust[oó]|se ri[oó] de|enfatiz[oó]|me gust[oaó]|me encant[oaó]|cuestion[oó]|"
    r"reaccion[oó] con \S+ a|(?:[^\w\s\"'.,!?]+\s*)(?:to|a))\s+[\"']).*",
    re.IGNORECASE | re.DOTALL,
)
QUOTED_FROM = re.compile(
    r"^\s*(?:-{2,}\s*(?:original|forwarded|mensaje original|mensaje reenviado).*|_{8,}.*|-- ?|"
    r"(?:on|el)\b.{4,120}\b(?:wrote|escribi[oó]):?\s*|(?:from|de|sent|enviado):\s.*@.*|"
    r"(?:sent from|get outlook|enviado desde|envoy[eé] de) .*)$",
    re.IGNORECASE | re.MULTILINE,
)
QUOTED_LINE = re.compile(r"^\s*>.*$", re.MULTILINE)
#: Our own footers and disclosures, when a phone quotes them back.
FOOTER = re.compile(
    r"(?<!i )(?:reply|text|send|responda|responde|env[ií]e|conteste)(?: with)? \W?(?:stop|alto)\W? (?:to|2|para) "
    r"(?:stop|end|opt|cancel|unsub|quit|be removed|no recibir|dejar|darse|cancelar)[^.\n]{0,80}|"
    r"(?<!want )(?<!like )(?<!how )(?<!need )(?<!trying )(?:to|para) (?:unsubscribe|opt[ -]?out|darse de baja)[^.\n]{0,20}[,:]? "
    r"(?:reply|click|responda|haga|visit)\b[^.\n]{0,60}|"
    r"msg ?& ?data rates[^.\n]{0,40}|this is from a debt collector",
    re.IGNORECASE,
)
SPOKEN_OF = re.compile(r"\"[^\"\n]{12,}\"")
SPACED = re.compile(r"(?<![\w'])(?:[a-z][ .\-_*/|]{1,3}){2,12}[a-z](?![\w'])")
LONG_DRAWN = re.compile(r"([a-z])\1{2,}")
TOKEN = re.compile(r"[a-z0-9#$@!]*[a-z0-9#$]|[.?,]")
LEET = str.maketrans("0134578$@!", "oieastbsai")
CAPITAL_STOP = re.compile(r"\bSTOP\b")


class Clean(NamedTuple):
    words: str  #: tokens separated by single spaces; . , and ? stand alone
    shouts_stop: bool  #: STOP in capitals within a message that is not all capitals
    names: frozenset[str]  #: words written with a capital where no sentence begins


@cache
def _slang() -> dict[str, str]:
    loaded: dict[str, str] = yaml.safe_load((HERE / "slang.yaml").read_text(encoding="utf-8"))
    return {str(key): value for key, value in loaded.items()}


def newly_written(text: str) -> str:
    """The text without quoted mail, signatures, our own footer, and phone reactions."""
    text = unicodedata.normalize("NFKC", text[:LONGEST]).translate(LOOK_ALIKES)
    text = "".join(char for char in text if char == "\n" or unicodedata.category(char) not in ("Cf", "Cc"))
    if REACTION.fullmatch(text):
        return ""
    if cut := QUOTED_FROM.search(text):
        text = text[: cut.start()] if text[: cut.start()].strip() else ""
    return FOOTER.sub(" . ", QUOTED_LINE.sub(" ", text))


def clean(text: str) -> Clean:
    """`text` as plain words of either language."""
    new = newly_written(text)
    shouts = bool(CAPITAL_STOP.search(new)) and not new.isupper()
    names = frozenset(word.casefold() for word in re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,}", new))
    for sign, meaning in SIGNS.items():
        new = new.replace(sign, meaning)
    low = "".join(c for c in unicodedata.normalize("NFKD", new.casefold()) if not unicodedata.combining(c))
    low = SPACED.sub(lambda m: " " + re.sub(r"[^a-z]", "", m.group()) + " ", SPOKEN_OF.sub(" , ", low))
    low = re.sub(r"[;:\n!]+", " . ", re.sub(r"(?<=\w)!(?=\w)", "i", low)).replace("(", " , ").replace(")", " , ")
    low = re.sub(r"\be-?mail", "email", re.sub(r"(?<=[a-z])'(?=[a-z])", "", low)).replace("-", " ").replace("/", " ")
    tokens = [_spelled(LONG_DRAWN.sub(r"\1", token)) for token in TOKEN.findall(low)]
    return Clean(" ".join(" ".join(tokens).split()), shouts, names)


def _spelled(token: str) -> str:
    slang = _slang()
    if token in slang:
        return slang[token]
    if token.isalpha():
        return spelling.corrected(token)
    plain = token.translate(LEET)
    if plain.isalpha() and not token[0].isdigit() and (plain in slang or spelling.known(plain)):
        return slang.get(plain, plain)
    return plain if plain.isalpha() and token[0] in "5$7" and spelling.known(plain) else token
