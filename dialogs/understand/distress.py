"""Whom a threat is aimed at. Told apart only for the reply; both are urgent."""

from __future__ import annotations

import re

from dialogs.understand.spelling import flatten

_OTHERS = re.compile(
    r"(?<![a-z])(?:(?:kill|hurt|shoot|murder|stab|beat|attack|harm|choke|punch|burn|bomb|find|hunt|slap|whoop|smash|destroy|come for|come after|get|fuck) (?:you|u|yall|your|ur|him|her|them|everyone|everybody|someone|somebody|people|whoever|anyone|all of|my (?:wife|husband|ex|boss|kids|landlord|neighbor)|that|the \w+|up|down)"
    r"|blow (?:up )?(?:your|the)|burn (?:down )?your|watch your back|know where you (?:live|work)|your (?:office|building|head|face|throat|neck)|youre (?:all )?(?:dead|gonna die)|you (?:will|are gonna|all) (?:die|bleed)|shoot up|bomb|(?:coming|come) (?:down |over |up )*(?:there|to your|to the)|with (?:a|my) (?:gun|knife|bat)|i have a gun|i got a gun|hope you die"
    r"|(?:matar|golpear|quemar|balear|lastimar|partir|romper|disparar)(?:los|las|lo|la|te|les|le)|(?:los|las|lo|la|te|les|le) (?:voy|vamos) a|se donde (?:viven|trabajan|vive|trabaja)|cuid\w+ (?:su|sus) espalda\w*|tengo (?:una )?(?:pistola|arma)|matar a (?!mi mismo))(?![a-z])"
)
_SELF = re.compile(
    r"(?<![a-z])(?:my ?self|suicid\w*|my (?:own )?life|kms|unalive|end it|better off (?:dead|without me)|(?:wanna|want to|wish i (?:was|were)|rather be|rather|could just|gonna|ready to) (?:just )?(?:die|dead|be dead)|not (?:wake|be here|be alive)|dont wanna (?:wake|live|be here|be alive|exist|go on)|(?:cant|no reason to) (?:go on|live)|nothing to live for|overdose|jump off|slit|noose|hate my life|goodbye|worth (?:living|more dead)|without me|pills"
    r"|quitarme|matarme|me mato|morir\w*|muert[oa]|no quiero (?:vivir|despertar|seguir)|ahorcarme|hacerme dano|lastimarme|sin mi|desaparecer|ganas de vivir|acabar con (?:todo|mi)|vivir)(?![a-z])"
)


def aimed_at_others(text: str) -> bool:
    return bool(_OTHERS.search(flatten(text)))


def aimed_at_self(text: str) -> bool:
    return bool(_SELF.search(flatten(text)))
