"""Media wanted and media forbidden: "text me dont call", "no calls texts or letters", "mande texto no me llame".

Each medium named takes the wish that governs it: the word right behind it ("calls no", "email is fine"), else what was
said before it, which reaches over lists ("no calls, texts or letters") and ends at a new order ("dont call text me").
"""

from __future__ import annotations

import re

_NAMES: tuple[tuple[str, str], ...] = (
    ("phone", r"(?:phone |robo ?|telephone |voice )?calls?|callin[g]?|called|ringin|robocall\w*|by (?:tele)?phone|telephon(?:ing|e contact)|land ?line|dialer|(?:on )?(?:the |my )?(?:tele)?phone(?! ?(?:number|plan|bill|company|case))|phoning|ring(?:in)?g?(?: (?:ring|phone))*|voice ?mails?|vms?|dial(?:ing)?|llam[aeo]\w*|telefonos?|telefonazos?|telefonear\w*|telefonica\w*|marc(?:ar|ame|arme|and\w+|en|ando)|marqu\w+|hablen por tel\w*|voz"),
    ("email", r"e-?mail(?:s|ing|ed)?|correos?(?: electronicos?)?(?! postal)(?! de voz)|mail electronico|inbox"),
    ("sms", r"text(?:s|ing?|ed)?(?: messages?| msgs?)?|textos?|sms|mensaj(?:es?|itos?)(?: de texto)?|mensajear\w*|text(?:ea|ee|eo)\w*|messag(?:es?|ing)|msgs?|whats ?app"),
    ("mail", r"(?<!little )(?<!tiny )(?<!these )(?:paper |print )?letters?(?! carrier)|(?:paper |snail |regular |us |postal )?mail(?:ings?|ing)?(?! (?:electronico|carrier|man))(?!\w)|envelopes?|(?<!voice )mailbox|(?:on |nothing )?paper(?!work)|postcards?|pen and ink|po box|el papel(?: por correo)?|post|postal|usps|cartas?|correo postal|correspondence|correspondencia|in writing|por escrito"),
    ("web", r"(?:web |online |live )?chat|website|portal|webchat|en linea|pagina"),
)  # fmt: skip
_NO = r"dont|do not|never|stop|no more|quit|not|no|nobody|none|neither|nothing|cease|without|hate|avoid|enough|ya no|nunca|jamas|dej(?:en?|ad|a)(?: de)?|paren?|nada de|sin|ni|nor|no longer|end|basta|eviten?|cant|carnt|cannot|wouldnt|refrain|odio|halt|nope|discontinue|belay|remove|leave|lose"
_YES = r"put|keep|stick to|send|answer me|write|todo|only|just|prefer\w*|better|best|rather|instead|ok|okay|fine|(?<!dont )(?<!not )want|use|works?|good|please|mejor|solo|solamente|unicamente|nomas|prefier\w+|si|mand(?:e|en|a)(?:me|nos)|escrib(?:a|an|e)(?:me|nos)|envi(?:e|en)(?:me|nos)|texte(?:e|en|a)?(?:me|nos)|(?<!no )(?<!me )(?<!no me )(?:escriban?|manden?|envien?)(?= (?:por|un|texto|correo|mensaje))|puros?|usen?|easier|but|pero|sino|though"
#: passed over rather than forbidden: "an email instead of calls"
_PASSED = r"instead of|rather than|en vez de|en lugar de|than|beats|que(?= (?:llamad|cartas?|correos?|textos?|mensajes?|por tel))"
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
    r"(?: me| us| a mi| it| here| messages?)?(?:'?s)?(?: (?:is|are|r|es|esta|estan|would be|works))? (?:only|instead|ok|okay|fine|cool|better|best|good|great|easier|preferred|works?|will do|suits|can stay|all ?right|alright|w/e|please|pls|yes|si|mejor|bien|solamente|nomas|solo)(?! (?:stop|no )\b)(?![a-z])"
)
_OUT = re.compile(
    r"(?:(?: me| us)?(?: (?:is|are|r|es))? (?:no(?! (?:me|los?|les|se|quiero|te|more than)\b)|not ok|not okay|not fine|not alright|never|nunca|off limits|nope|useless|inutil)(?=\s*(?:$|[.,;!?]|please|por favor|good|for|hermana|mijo|pls))|(?: (?:need|have|has|must) to)? stop(?= *(?:$|[.,;!?]|please|por favor))|,? no los? (?:uso|leo|quiero|cojo|contesto)"
    r"|(?: [a-z']+){0,6}? (?:not (?:welcome|authorized|allowed|permitted|okay|ok|alright|an option)|useless|out of (?:the question|it|my life)|off limits|a hard no|no good|nothing to me|unwelcome|gotta go|got to go|from (?:your|the) dialer)(?![a-z]))"
)
#: a wish about what was named before: "mail goes to my ex so dont send any there"
_THAT_ONE = re.compile(
    r"(?<![a-z])(?:(?:dont|do not|never|no|not|quit|stop)(?: [a-z]+){0,3} (?:it|that one|there|any|em|them)|ni una mas|not for you|you may not|they dont)(?![a-z])"
)
#: a medium as an order of its own: "text me", "email us", "llameme"
_ORDER = re.compile(
    r"(?:text|email|message|call|write|phone|ring|llama)(?= (?:me|us|it)(?![a-z]))|(?:llam|marqu)\w+(?:me|nos)"
)
_NOT_MEDIA = re.compile(
    r"(?:phone|cell) number|call me (?:later|back)(?=.*\btext\b)|message me about|(?:new|my) (?:phone|email|number|cell) (?:is|:)"
)


#: words a refusal reaches over to the first medium it names
_REACH = 6
#: words between "dont" and the verb it forbids
_REFUSED_VERB = 3
#: a clause ends where no medium goes on with its list
_MEDIA = "|".join(pattern for _, pattern in _NAMES)
_BREAK = re.compile(
    rf"[.;!?\n]+|,(?!\s*(?:or |nor |and |ni |y |o )?(?:{_MEDIA})(?![a-z]))|,(?=\s*(?:{_MEDIA})(?:{_FINE.pattern}))"
)
_RATHER = re.compile(r"(?<=prefer )(\w+) to (?=\w+)|(?<=like )(\w+) to (?=(?:calls|texts|letters|emails))")
#: said of how, not of what happens: "by mail", "por carta"
_BY = re.compile(
    r"(?<![a-z])(?:by|por|via|through|with|in|to|use|using|al|a|un|por el)(?: (?:the|regular|my|un|una))*\s*$"
)


def media(low: str) -> tuple[str | None, str | None]:
    """(`channel`, `not_channel`): wanted and forbidden media of a folded text, alphabetical, comma-separated."""
    low = _NOT_MEDIA.sub(lambda m: "~" * len(m[0]), low)
    low = _RATHER.sub(lambda m: f"{m[1] or m[2]} instead of ", low)
    wanted: set[str] = set()
    refused: set[str] = set()
    named: set[str] = set()
    before: set[str] = set()
    for clause in _BREAK.split(low):
        yes, no, neutral = _clause(clause)
        if not no and _THAT_ONE.search(clause):
            no |= neutral or before
        wanted, refused, named = wanted | yes, refused | no, named | neutral
        before = neutral or before
    wanted -= refused
    if not wanted and not refused:
        wanted = named
    elif not wanted:
        wanted = {kind for kind in named - refused if kind != "phone"}
    return ",".join(sorted(wanted)) or None, ",".join(sorted(refused)) or None


def _clause(clause: str) -> tuple[set[str], set[str], set[str]]:
    """Media wanted, refused and merely named within one clause."""
    kinds: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    wish, listed, passed, refused_at, hit, last = "", False, False, -1, False, ""
    for token in _TOKEN.finditer(clause):
        kind = token.lastgroup or ""
        if kind == "no":
            wish, listed, passed, refused_at, hit = "no", False, False, token.end(), False
        elif kind == "yes":
            # "dont use", "do not send": the verb belongs to the refusal
            if wish == "no" and not hit and len(clause[refused_at : token.start()].split()) <= _REFUSED_VERB:
                continue
            wish, listed, passed = "yes", False, False
        elif kind == "passed":
            passed = True
        elif kind == "joint":
            listed = True
        elif kind != "end":
            said = _said(
                clause,
                token,
                wish if not (wish == "no" and _too_far(clause, refused_at, token, hit)) else "",
                listed,
                hit,
            )
            if not passed:
                kinds[("yes", "no", "").index(said)].add(kind)
            if said == "yes" and listed and last in kinds[2]:
                # "text or email fine": what is thought of the second is thought of both
                kinds[2].discard(last)
                kinds[0].add(last)
            wish, listed, hit, last = said or wish, False, True, kind
    return kinds


def _said(clause: str, token: re.Match[str], wish: str, listed: bool, hit: bool) -> str:
    """What is wished of one medium: by what stands behind it, else by what governs it."""
    rest = clause[token.end() :]
    if _OUT.match(rest):
        return "no"
    if _FINE.match(rest) and (wish != "no" or hit):
        return "yes"
    after_comma = clause[: token.start()].rstrip().endswith(",")
    if wish == "no" and (hit or after_comma) and not listed and _begins_anew(token[0], rest):
        return "yes"
    if not wish and _BY.search(clause[: token.start()]):
        return "yes"
    return wish


def _too_far(clause: str, refused_at: int, token: re.Match[str], hit: bool) -> bool:
    return not hit and len(clause[refused_at : token.start()].split()) > _REACH


def _begins_anew(word: str, rest: str) -> bool:
    """An order of its own ("... text me"), not one more of a list."""
    return bool(_ORDER.match(word + rest[:4])) and not re.match(r" (?:me|us) (?:or|nor|and)\b", rest)
