"""Shades that change a reply or a priority, not an intent."""

from __future__ import annotations

import re

from dialogs.understand.spelling import flatten

_SEVERE = re.compile(
    r"(?<![a-z])(?:cfpb|bbb|better business|attorney general|ftc|fcc|consumer (?:protection|financial)|regulator|procuradur\w+|fiscal|su(?:e|ing)|lawsuit|court|legal action|lawyer|attorney|litigation|illegal\w*|unlawful|law(?:s)?|fdcpa|violat\w+|demand(?:a|ar|are|arlos)|abogad[oa]|ilegal\w*|corte|tribunal|ley|report you|reportar\w*|denunci\w+|police|policia"
    r"|(?:told|texted|called|contacted|messaged|emailed|calling|texting) (?:my|our) (?!(?:phone|cell|number|house|home|email))\w+|(?:dijeron|llamaron|hablaron|contactaron) (?:a|con) mi)(?![a-z])"
)
_LEGAL = re.compile(
    r"(?<![a-z])(?:credit|fico|equifax|experian|transunion|tax(?:es)?|1099|irs|sue[ds]?|suing|garnish\w*|arrest\w*|jail|lien|wages?|levy|warrant|court|seize|repossess|statute|legal\w*|lawyer|attorney|my rights|credito|puntaje|buro|historial|impuestos|demand\w+|embarg\w+|carcel|derechos|abogad[oa]|deport\w+|bankruptcy|bancarrota|house|take my)(?![a-z])"
)
_MACHINE = re.compile(
    r"(?<![a-z])(?:bot|robot|machine|human|computer|ai|real person|automated|chatbot|person|maquina|humano|computadora|persona|automatic[oa])(?![a-z])"
)


def is_severe(text: str) -> bool:
    """A complaint that names a regulator, a suit, a third party told, or illegality."""
    return bool(_SEVERE.search(flatten(text)))


def asks_for_advice(text: str) -> bool:
    """Legal, tax or credit matters."""
    return bool(_LEGAL.search(flatten(text)))


def asks_about_machine(text: str) -> bool:
    return bool(_MACHINE.search(flatten(text)))
