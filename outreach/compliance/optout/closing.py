"""Which media a refusal closes altogether: "stop calling" voice, "no letters" mail, "quit texting me" texts at any number."""

from __future__ import annotations

import re

EVERY = frozenset({"sms", "email", "voice", "mail"})
ELECTRONIC = frozenset({"sms", "email"})
#: How each medium is named.
NAMED = {
    "voice": r"(?:robo ?|phone )?call(?:s|ing|ed)?|phon(?:e|ing) me|ring(?:ing)?|voice ?mails?|dialing|"
    r"llam(?:en?|es|ar\w*|ando\w*|adas?)|marqu(?:en?|es)|marcar\w*"
    r"|telefonazos?",
    "sms": r"text(?:s|ing)?|sms|textos?|textee?n?\w*|mensajes? de texto|text messages?",
    "email": r"emails?|emailing|correos?(?! postal)(?: electronicos?)?",
    "mail": r"letters?|mailings?|mail(?! me)|paper|snail mail|postal mail|cartas?|correo postal|correspondencia"
    r"|by mail|regular mail|us mail",
}
NAMES = {medium: re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])") for medium, pattern in NAMED.items()}
REFUSAL = re.compile(
    r"(?<![a-z])(?:stop|quit|cease|do not|never|no|no more|not|dejen?|paren?|basta|nunca|ni|sin|end|enough)"
    r"(?: (?:of|with|the|all|any|ever|please|de|me|a|more|your|these|those|los|las|mas|estos?|estas?|want|sending|mandar|"
    r"mandando|manden?|envien?|enviar|todos?|todas?|to|get|getting|quiero|recibir|mandarme|send)){0,5} "
)
ONLY = re.compile(r"(?<![a-z])(?:only|just|strictly|exclusively|solely|solo|solamente|unicamente|nomas)(?![a-z])")
TURNED = re.compile(r"(?<![a-z])(?:only|solamente|unicamente|nomas)(?= [.,?]|$)")
EVERYTHING = re.compile(
    r"(?<![a-z])(?:messages? of any kind|any (?:kind|form|type|sort) of (?:messages?|contact|communication)|"
    r"texts? (?:and|or|,) (?:or )?emails?|emails? (?:and|or) texts?|electronic(?:ally)?|ningun tipo de mensajes?|por ningun medio|"
    r"any (?:means|way|method|channel))(?![a-z])"
)
#: "No calls, texts or emails" goes on refusing after its comma; "don't call me, text only" does not.
OTHER_WAY = re.compile(
    r"(?<![a-z])(?:(?:and|or|nor|ni|y|o|,(?! \w+ (?:only|instead|me|is|are|works?|please|solo|nomas|mejor|por favor|si|yes))) "
    r"(?:(?:me|the|any|more|los|las|mas|manden?|envien?|send|sending) ){0,3}"
    # "calls texts letters": a list without a comma
    r"|(?=(?:calls|calling|texts|texting|letters|emails|emailing|llamadas|textos|cartas|correos)"
    r"(?! (?:only|instead|me|is|are|works?|ok|okay|fine|solo|si)(?![a-z]))(?![a-z])))"
)
#: Refused together, these leave no way to reach the person.
NO_WAY_LEFT = 3
NOTHING = re.compile(r"(?<![a-z])(?:everything|nothing|anything|all of (?:it|them)|todo|nada)(?![a-z])")


def every_way(words: str) -> bool:
    """Whether the words refuse calls, texts, emails, letters one by one: all contact is meant."""
    named = _refused(words)
    return len(named) >= NO_WAY_LEFT or (len(named) > 1 and bool(named - ELECTRONIC and NOTHING.search(words)))


def refuses_messages(words: str) -> bool:
    """Whether the words refuse texts or emails by name, be it beside calls."""
    return bool(_refused(words) & ELECTRONIC)


#: What a refusal of contact speaks of, and a refusal to pay does not.
CONTACT = re.compile(
    r"(?<![a-z])(?:contact|communicat|call|text|email|mail|writ|letter|messag|bother|harass|alone|reach|hear from|"
    r"cease|desist|stop|llam|escrib|molest|contact|comuni|mensaj|cart[ae]|cese|par[ea]n|dej[ea])"
)


def of_contact(words: str) -> bool:
    """Whether a refusal is of contact; "I will not pay" by itself is not."""
    return bool(CONTACT.search(words))


def only_calls(words: str) -> bool:
    """Whether the words refuse calls or letters and no messages."""
    named = _refused(words)
    return bool(named) and not named & ELECTRONIC


def media(words: str, labels: frozenset[str], medium: str) -> frozenset[str]:
    """The media closed for every address of the person."""
    closed: frozenset[str] = frozenset()
    if "channel_preference" in labels:
        closed |= _refused(words) or _others(words)
    if "opt_out" in labels and len(words.split()) > 1:
        named = _refused(words)
        closed |= (
            ELECTRONIC if EVERYTHING.search(words) else named | ({medium} if _spoken(words, named) else frozenset())
        )
    if "cease_communication" in labels and medium == "voice" and of_contact(words):
        closed |= EVERY
    return closed & EVERY


def _spoken(words: str, named: frozenset[str]) -> bool:
    """A refusal of messages in general, in a sentence: it means the medium it was written on."""
    return not named and bool(
        re.search(r"(?<![a-z])(?:messag\w+|texting|texts?|sending|contact\w*|mensajes?|me|list)(?![a-z])", words)
    )


def _refused(words: str) -> frozenset[str]:
    """Media named right after a refusal, or joined to one that is."""
    found = set()
    for refusal in REFUSAL.finditer(words):
        rest = words[refusal.end() :]
        going = True
        while going:
            going = False
            for name, pattern in NAMES.items():
                if match := pattern.match(rest):
                    found.add(name)
                    rest = rest[match.end() :].removeprefix(" me").lstrip()
                    if joint := OTHER_WAY.match(rest):
                        rest, going = rest[joint.end() :], True
                    break
    return frozenset(found)


def _others(words: str) -> frozenset[str]:
    """ "Only by mail": every medium that is not named."""
    if not (ONLY.search(words) or TURNED.search(words)):
        return frozenset()
    named = {name for name, pattern in NAMES.items() if pattern.search(words)}
    if re.search(r"(?<![a-z])(?:mail|post|carta|in writing|escrito)(?![a-z])", words) and "email" not in named:
        named.add("mail")
    return frozenset(EVERY - named) if named else frozenset()
