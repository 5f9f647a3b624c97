"""English or Spanish: which a reply should use."""

from __future__ import annotations

import re

_SPANISH = frozenset(
    "el la los las un una de del que en y no si por para con mi su es esta este eso esa ya me le les se lo yo pero como cuando donde "
    "quien cuanto puedo quiero pago pagar pague deuda cuenta dinero mensajes mande manden por favor gracias hola buenas buenos dias tardes "
    "tengo debo mes semana dolares trabajo numero equivocado abogado espanol hablo ayuda alto baja parar basta nada nunca estoy soy "
    "fue al porque muy mas hasta desde tambien hoy manana ahora ustedes usted senor senora cada entre sin sobre nos son hay era mejor "
    "acepto cuanta saldo correo telefono llamen escriban viernes lunes martes jueves sabado domingo enero febrero marzo abril mayo junio "
    "julio agosto septiembre octubre noviembre diciembre murio fallecio esposo esposa hijo hija madre padre anos ano cual cancelar quien".split()
)
_ENGLISH = frozenset(
    "the a an of that in and not for with my your is this it i you me he she we they can will would do dont what when where who how "
    "please stop pay paid debt account money text message thanks hello have has was are be on at to from im cant wont but or if no yes "
    "month week dollars work number wrong lawyer help need want owe call email get got just so about them these there been did".split()
)


def detect(flat: str, text: str, hint: str | None) -> str:
    """`es` when Spanish words prevail, `en` when English ones do; the hint decides a tie."""
    words = re.findall(r"[a-z]+", flat)
    spanish = sum(w in _SPANISH for w in words) + (2 if re.search(r"[¿¡ñ]|[áéíóú]", text.lower()) else 0)
    english = sum(w in _ENGLISH for w in words)
    if spanish == english:
        return hint or "en"
    return "es" if spanish > english else "en"
