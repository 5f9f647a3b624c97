"""What only looks like a refusal of all contact: one bound to hours, days or a place, one of debits, one of more than a sum.

The first two are looked for sentence by sentence: another one that refuses without a bound still counts.
"""

from __future__ import annotations

import re

_DAY = r"(?:mon|tues?|wed|wednes|thurs?|fri|satur|sat|sun)(?:days?|s)?|lunes|martes|miercoles|jueves|viernes|sabados?|domingos?"
_HOUR = r"\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.? ?m\.?)?"
_PLACE = (
    r"work|school|home|house|job|office|hospital|campus|church|clinic|shop|store|court|class|armory|barracks|base|range|ward|"
    r"trabajo|curro|chamba|escuela|casa|oficina|iglesia|clinica|tienda|universidad|colegio"
)
#: an hour, a day or a place within which alone contact is refused
BOUND = re.compile(
    rf"(?<![a-z0-9])(?:{_HOUR} ?(?:-|to|and|till|until|thru|through|a|y|hasta) ?{_HOUR}(?! (?:dollars?|bucks|month|mes))"
    rf"|\d{{1,2}}(?:[:.]\d\d)? ?[ap]m {_HOUR}|(?:before|after|past|until|till|antes de|despues de|hasta)(?: las?| el)? (?:{_HOUR}(?! (?:months?|years?|days?|weeks?))|noon|midnight|"
    r"midday|dinner|dark|mediodia|medianoche|seis|siete|ocho|nueve|diez)"
    rf"|(?:on |the |los |el |every |cada )*(?:{_DAY})|weekends?|fines? de semana|week ?days"
    r"|(?:those|these|esos|esas|estos) (?:days|hours|times|dias|horas)|(?:at|in|a|en) (?:that|ese|esa|those) (?:time|hour|hora|rato)|then"
    r"|(?:at|de|por la|in the) (?:night|noche|mornings?|manana|evenings?)|(?:this|so|tan) (?:late|early|tarde|temprano)"
    r"|(?:while|when|mientras|cuando) (?:i|im|i am|we|estoy|trabajo|ando)|during|durante|between|entre las"
    rf"|(?:at|in|to|on|en|a)(?: the| my| our| mi| el| la| los| del)*(?: \w+)? (?:{_PLACE})|in here|here (?:at|in|on)|aqui en)(?![a-z0-9])"
)
_REFUSES = re.compile(
    r"(?<![a-z])(?:no|not|never|stop|quit|dont|leave|without|nada|nunca|sin|dej\w+|par\w+|must not|cannot be)(?![a-z])"
)
#: a bound does not soften these
UNBOUND = re.compile(
    r"(?<![a-z])(?:ever|anymore|any more|no more|at all|again|all (?:texts?|messages?|contact|communication)|any ?(?:kind|form|one)|unsubscribe|"
    r"opt (?:me )?out|remove|take (?:me|my)|off|delete|lose|forget|jamas|mas|alto|baja|borr\w+|quit\w+ de|elimin\w+|para siempre|"
    r"or anywhere|either|anywhere|nowhere|this number|este numero)(?![a-z])"
)
_CONTACT = re.compile(
    r"(?<![a-z])(?:contact\w*|text\w*|txt\w*|messag\w*|email\w*|mail\w*|call\w*|phone\w*|writ\w+|letters?|communicat\w*|notices?|reach\w*|"
    r"llam\w+|escrib\w+|mensaj\w*|correos?|comunic\w+|avis\w+)(?![a-z])"
)
_STOPS = re.compile(
    r"(?<![a-z])(?:stop\w*|quit|end|cancel\w*|unsub\w*|opt|remove|leave|alone|cease|desist|lawyer|attorney|alto|baja|basta|dej\w+|par[ea]n?|"
    r"abogad[oa]|nunca|never|refuse|wont|not (?:going to |gonna )?pay|no (?:voy a |pienso )?pag\w+)(?![a-z])"
)
#: what lets money be taken, not messages be sent
_PERMISSION = re.compile(
    r"(?<![a-z])(?:authori[sz]\w+|permission|consent|autori[zc]\w+|permiso|(?:dar|darme|dame|den) de baja|turn(?:ed)? off|allotment)(?![a-z])"
)
_DEBIT = re.compile(
    r"(?<![a-z])(?:debits?|payments?|drafts?|autopay|auto ?draft|ach|allotment|bank|charg\w+|withdrawals?|plan|debitos?|pagos?|cobr\w+|cargos?|"
    r"domicili\w+|dinero|banco|autopago|sacar|saquen)(?![a-z])"
)
#: an offer with its upper end: "200 a month, not a penny more"
_OFFER = re.compile(
    r"(?<![a-z0-9])\$? ?\d+(?:\.\d\d)?(?: ?(?:dollars?|bucks|dolares|pesos|euros|usd))?(?: (?:a|per|each|every|al|por|cada|in|for|on|un)(?: la| el)?"
    r" (?:months?|mes|weeks?|semana|quincena|paycheck|payday|mensual)|/ ?(?:mo|month|wk|week))"
    r"|(?:can|could|will|gonna|puedo|podria|podemos) (?:\w+ ){0,3}\$? ?\d+|en pagos|in payments"
)


def refuses_hours_or_place(sentence: str) -> bool:
    """The sentence refuses contact at some hours, on some days or in some place only."""
    return bool(_REFUSES.search(sentence) and BOUND.search(sentence) and not UNBOUND.search(sentence))


def refuses_debits(sentence: str) -> bool:
    """The sentence takes back a leave to draw money, and says nothing of messages."""
    return bool(_PERMISSION.search(sentence) and _DEBIT.search(sentence) and not _CONTACT.search(sentence))


def offers(words: str) -> bool:
    """The words offer a sum, stop nothing and say nothing of messages: "20 al mes, no mas" refuses what goes beyond it."""
    return bool(_OFFER.search(words) and not _CONTACT.search(words) and not _STOPS.search(words))
