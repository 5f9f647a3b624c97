"""One spelling for many hands: accents, elongation, spaced letters, look-alikes, slang, contractions, typos of key words."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

_CONFUSABLE = str.maketrans(
    "аеорсухікмнтвѕјԁɡαοερτυνικ‘’ʼ´`“”«»–—−",
    "aeopcyxikmhtbsjdgaoeptuvik'''''\"\"\"\"---",
)
_EMOJI = {
    "🛑": " stop ", "✋": " stop ", "🚫": " stop ", "⛔": " stop ", "🖕": " fuckyou ", "👍": " thumbsup ", "👌": " thumbsup ",
    "✅": " thumbsup ", "👎": " thumbsdown ", "🙏": " praying ",
}  # fmt: skip
_DOUBLES = frozenset(
    "add address afternoon agree all attorney bankrupt been better bill book boss call calle cell class "
    "collect correo creer dinner ella ello ellos fee feel fees fill food foot free full gonna good guess "
    "happen happened happy hello issue keep kill killed leer less letter ll llamar llame llamen look loss "
    "matter miss moon need noon off pass press process pull room school see seen sell small soo soon "
    "speech still suppose supposed tell too took wanna week weeks well will".split()
)
_SPACED = re.compile(r"(?<![a-z0-9])((?:[a-z][ .\-_*]{1,2}){3,}[a-z])(?![a-z0-9])")
_SPACED_WORDS = tuple("stop quit stopall unsubscribe cancel alto parar baja basta help info end".split())
_LEET = str.maketrans("01345$@!7", "oieassait")
_KEYWORDS = frozenset(
    "alto attorney baja bankruptcy basta cancel cancelar dispute lawyer messaging optout parar quit "
    "remove stop stopall texting unsubscribe".split()
)
#: typo -> word
_TYPOS: dict[str, str] = {
    typo: word
    for line in (Path(__file__).parent / "grammar" / "typos.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word, _, typos in [line.partition(": ")]
    for typo in typos.split()
}

#: two words become one, so that a pattern names one form
_JOINS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])"), to)
    for pattern, to in (
        (r"do not|do nt|don t|dnt|doe?nt|donot|dint", "dont"),
        (r"does not|doesn t", "doesnt"),
        (r"did not|didn t", "didnt"),
        (r"can ?not|can not|can t|cnt|canot", "cant"),
        (r"could not|couldn t", "couldnt"),
        (r"will not|won t|wont", "wont"),
        (r"would not|wouldn t", "wouldnt"),
        (r"should not|shouldn t", "shouldnt"),
        (r"is not|isn t", "isnt"),
        (r"was not|wasn t", "wasnt"),
        (r"are not|aren t|r not", "arent"),
        (r"has not|hasn t", "hasnt"),
        (r"have not|haven t", "havent"),
        (r"i am|i m", "im"),
        (r"i have|i ve", "ive"),
        (r"i will|i ll", "ill"),
        (r"i would|i d", "id"),
        (r"going to|goin to|gunna|gona|gon", "gonna"),
        (r"want to|wnt to", "wanna"),
        (r"got to", "gotta"),
        (r"give me", "gimme"),
        (r"let me", "lemme"),
        (r"you are|you re", "youre"),
        (r"they are|they re", "theyre"),
        (r"he is|he s", "hes"),
        (r"she is|she s", "shes"),
        (r"that is|that s", "thats"),
        (r"it is|it s", "its"),
        (r"what is|what s|wats|whats|wat is", "whats"),
        (r"who is|who s", "whos"),
        (r"there is|there s", "theres"),
        (r"opt ?- ?out|opting out|opted out|opt me out|opt us out", "optout"),
        (r"opt ?- ?in|opt me in|opt back in", "optin"),
        (r"e mail|e-mail|emial|emai|eamil", "email"),
        (r"e mails|e-mails", "emails"),
        (r"un ?- ?subscribe", "unsubscribe"),
        (r"no one", "nobody"),
        (r"every one", "everyone"),
        (r"any more", "anymore"),
    )
)
_SENTENCE = re.compile(r"(?:[.!?;\n]|(?<!\d),(?!\d)|\.{2,})+")
_NOT_WORD = re.compile(r"[^a-z0-9$%@.:/+\-#\s]")
_DROPPED_APOSTROPHE = re.compile(r"(?<=[a-z])'(?=[a-z])")


def fold(text: str) -> str:
    """Lower case, no accents, no look-alike letters."""
    lowered = text.lower().translate(_CONFUSABLE)
    return "".join(c for c in unicodedata.normalize("NFD", lowered) if unicodedata.category(c) != "Mn")


def respelled(text: str) -> str:
    """Folded, key words corrected, punctuation and figures as they were: what the slot readers see."""
    low = re.sub(r"(?<=[a-z])'(?=[a-z])", "", fold(text))
    return re.sub(r"[a-z][a-z'0-9]*|\b[24][a-z]+|2(?:moro|mrw|nite)", lambda m: _TYPOS.get(m[0], m[0]), low)


def flatten(text: str) -> str:
    """`Don't TXT me!!` -> `dont text me`; sentences are parted by ` . `."""
    flat = fold(text)
    for emoji, word in _EMOJI.items():
        if emoji in flat:
            flat = flat.replace(emoji, word)
    flat = _SPACED.sub(_close_up, flat)
    flat = re.sub(r"(?<![a-z0-9])(\$?[1-9]\d*)o(?![a-z0-9])", r"\g<1>0", flat)
    flat = _DROPPED_APOSTROPHE.sub("", flat)
    flat = re.sub(r"(\d)\s*'?s\b", r"\1s", flat)
    flat = re.sub(r"(?<=\d)[.,](?=\d)", "·", flat)
    flat = re.sub(r"\b([a-z])\.([a-z])\.(?=[\s,]|$)", r"\1\2", flat)
    flat = re.sub(r"(?<=[a-z0-9])\.(?=(?:com|net|org|edu|gov|es|mx)\b)", "·", flat)
    flat = _SENTENCE.sub(" . ", flat).replace("·", ".")
    flat = _NOT_WORD.sub(" ", flat)
    words = [_respell(word) for word in flat.split()]
    flat = " ".join(words)
    for pattern, to in _JOINS:
        flat = pattern.sub(to, flat)
    return re.sub(r"(?:^| )\.(?: \.)*(?= |$)", " .", flat).strip(" .").strip()


def _close_up(match: re.Match[str]) -> str:
    """`s t o p` -> `stop`, only for words worth hiding."""
    word = re.sub(r"[^a-z]", "", match[1])
    hidden = next((w for w in _SPACED_WORDS if word.startswith(w)), None)
    return f" {hidden} {word[len(hidden) :]} " if hidden else match[1]


def _respell(word: str) -> str:
    if word in _TYPOS:
        return _TYPOS[word]
    if len(word) > 40:
        return word[:40]
    if re.search(r"([a-z])\1\1", word):
        word = _shorten(word)
    elif re.fullmatch(r"[a-z]*(?:([a-z])\1)+", word) and word not in _DOUBLES:
        single = re.sub(r"([a-z])\1+$", r"\1", word)
        word = single if single in _KEYWORDS else word
    if not word.isalpha() and re.search(r"[a-z]", word):
        plain = word.translate(_LEET).strip("-+#./:%")
        if plain in _KEYWORDS:
            return plain
        word = word.strip("-/+:#") or word
    return _TYPOS.get(word, word)


def _shorten(word: str) -> str:
    """`stoppppp` -> `stop`, `pleeease` -> `please`, `alllll` -> `all`."""
    double = re.sub(r"([a-z])\1{2,}", r"\1\1", word)
    single = re.sub(r"([a-z])\1{2,}", r"\1", word)
    return double if double in _DOUBLES else single
