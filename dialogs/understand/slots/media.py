"""Media wanted and media forbidden: "text me dont call", "no calls texts or letters", "mande texto no me llame".

Each medium named takes the wish that governs it: the word right behind it ("calls no", "email is fine"), else what was
said before it, which reaches over lists ("no calls, texts or letters") and ends at a new order ("dont call text me").
"""

from __future__ import annotations

import re

_NAMES: tuple[tuple[str, str], ...] = (
    ("phone", r"(?:phone |robo ?|telephone |voice )?calls?|callin[g]?|called|robocall\w*|by phone|(?:on )?(?:the |my )?(?:tele)?phone(?! ?(?:number|plan|bill|company|case))|phoning|ring(?:ing)?|voice ?mails?|vms?|dial(?:ing)?|llam[aeo]\w*|telefonos?|telefonazos?|telefonear\w*|telefonica\w*|marc(?:ar|ame|arme|and\w+|en|ando)|marqu\w+|hablen por tel\w*|voz"),
    ("email", r"e-?mail(?:s|ing|ed)?|correos?(?: electronicos?)?(?! postal)(?! de voz)|mail electronico|inbox"),
    ("sms", r"text(?:s|ing?|ed)?(?: messages?| msgs?)?|textos?|sms|mensaj(?:es?|itos?)(?: de texto)?|mensajear\w*|text(?:ea|ee|eo)\w*|messag(?:es?|ing)|msgs?|whats ?app"),
    ("mail", r"letters?|(?:paper |snail |regular |us |postal )?mail(?:ings?|ing)?(?! (?:me|electronico))|post|postal|usps|cartas?|correo postal|correspondence|correspondencia|in writing|por escrito"),
    ("web", r"(?:web |online |live )?chat|website|portal|webchat|en linea|pagina"),
)  # fmt: skip
_NO = r"dont|do not|never|stop|no more|quit|not|no|cease|without|hate|avoid|enough|ya no|nunca|jamas|dejen?|paren?|nada de|sin|ni|no longer|end|basta|eviten?|cant|cannot|wouldnt|refrain|odio|halt|nope|discontinue"
_YES = r"only|just|prefer\w*|better|best|rather|instead|ok|okay|fine|(?<!dont )(?<!not )want|use|works?|good|please|mejor|solo|solamente|unicamente|nomas|prefier\w+|si|mand(?:e|en|a)(?:me|nos)|escrib(?:a|an|e)(?:me|nos)|envi(?:e|en)(?:me|nos)|texte(?:e|en|a)?(?:me|nos)|(?<!no )(?<!me )(?<!no me )(?:escriban?|manden?|envien?)(?= (?:por|un|texto|correo|mensaje))|puros?|usen?|easier|but|pero|sino|though"
#: passed over rather than forbidden: "an email instead of calls"
_PASSED = (
    r"instead of|rather than|en vez de|en lugar de|than|que(?= (?:llamad|cartas?|correos?|textos?|mensajes?|por tel))"
)
_TOKEN = re.compile(
    r"(?<![a-z])(?:"
    + "|".join(
        [
            rf"(?P<passed>{_PASSED})",
            *(rf"(?P<{name}>{pattern})" for name, pattern in (_NAMES[3], *_NAMES[:3], _NAMES[4])),
            rf"(?P<no>{_NO})",
            rf"(?P<yes>{_YES})",
        ]
    )
    + r")(?![a-z])|(?P<end>[.;!?\n]+)|(?P<joint>(?<![a-z])(?:and|or|nor|y|o|u|e|&|/)(?![a-z]))"
)
#: right behind a medium: what is thought of it
_FINE = re.compile(
    r"(?: me| us| a mi)?(?: (?:is|are|r|es|esta|estan|would be|works))? (?:only|instead|ok|okay|fine|better|best|good|preferred|works?|please|pls|yes|si|mejor|bien|solamente|nomas|solo)(?= *(?:$|[.,;!?\n]|(?:and|or|no|not|dont|do not|stop|never|y|please|pls|thanks|gracias|por favor|por aqui)(?![a-z])))"
)
_OUT = re.compile(
    r"(?:(?: (?:is|are|r|es))? (?:no|not ok|not okay|not fine|never|nunca|off limits|nope)|(?: (?:need|have|has|must) to)? stop)(?= *(?:$|[.,;!?]|please|por favor))"
)
#: words a refusal reaches over to the first medium it names
_REACH = 6
#: a medium as an order of its own: "text me", "email us", "llameme"
_ORDER = re.compile(
    r"(?:text|email|message|call|write|phone|ring|llama)(?= (?:me|us)(?![a-z]))|(?:llam|marqu)\w+(?:me|nos)"
)
_NOT_MEDIA = re.compile(
    r"(?:phone|cell) number|call me (?:later|back)(?=.*\btext\b)|message me about|(?:new|my) (?:phone|email|number|cell) (?:is|:)"
)


def media(low: str) -> tuple[str | None, str | None]:
    """(`channel`, `not_channel`): wanted and forbidden media of a folded text, alphabetical, comma-separated."""
    low = _NOT_MEDIA.sub(lambda m: "~" * len(m[0]), low)
    wanted: set[str] = set()
    refused: set[str] = set()
    refusing, listed, passed, denied_at = False, False, False, -1
    for token in _TOKEN.finditer(low):
        kind = token.lastgroup or ""
        if kind in {"no", "yes", "end"}:
            refusing, listed, passed = kind == "no", False, False
        elif kind == "passed":
            passed = True
        elif kind == "joint":
            listed = True
        else:
            rest = low[token.end() :]
            if refusing and not refused and len(low[denied_at : token.start()].split()) > _REACH:
                refusing = False
            if _FINE.match(rest) and low[denied_at : token.start()].strip():
                refusing = False
            elif _OUT.match(rest):
                refusing = True
            elif refused and not listed and _begins_anew(token[0], rest):
                refusing = False
            if not passed:
                (refused if refusing else wanted).add(kind)
            listed = False
        denied_at = token.end() if kind == "no" else denied_at
    wanted -= refused
    return ",".join(sorted(wanted)) or None, ",".join(sorted(refused)) or None


def _begins_anew(word: str, rest: str) -> bool:
    """An order of its own ("... text me"), not one more of a list."""
    return bool(_ORDER.match(word + rest[:4])) and not re.match(r" (?:me|us) (?:or|nor|and)\b", rest)
