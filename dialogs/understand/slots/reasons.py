"""Patterns of why someone disputes or cannot pay, for the classifier of reasons (`grounds`); and which language they ask for."""

from __future__ import annotations

import re

_DISPUTE: tuple[tuple[str, str], ...] = (
    ("insurance", r"insurance|insur\w+|medicaid|medicare|aetna|cigna|blue ?cross|kaiser|humana|tricare|seguro(?! social)|aseguran\w*|aseguradora|plan medico|workers comp|united ?health\w*|copay|warranty|garantia"),
    ("time_barred", r"statute|time ?-?barred|too old|expired debt|(?:\d+|six|seven|eight|nine|ten|twelve|fifteen|twenty) (?:years|yrs) (?:old|ago)(?!.*paid)|older than|prescri\w+|caduc\w+|(?:muy|demasiado|tan) viej\w+|hace (?:mas de )?(?:\d+|diez|ocho|siete|seis|doce|quince) anos(?!.*pag)|past the limit|decade"),
    ("paid", r"(?:already |been |was |is |fully |ive |i |we |have |had )(?:paid|payed|settled|cleared|satisfied|closed)|paid (?:this|it|that|off|in full|them|the|already|everything|all|years)|settled (?:this|it|that|with|in)|cleared (?:this|it|that)|pagu\w+|pagad[oa]|liquid\w+|salde|saldad[oa]|pagamos|zero balance|paid"),
    ("wrong_amount", r"double[ -]?(?:billed|charged)|(?:\d+|that) (?:not|no) \d+|it was (?:only )?\$?\d+|amount|price|(?:way|much|lot) more than|half (?:that|of that)|look right|looks? (?:off|wrong)|(?:wrong|incorrect|off|too high|inflated|double\w*|more than|overcharg\w+) |over ?charg\w+|balance|total|interest|fees?|twice|math|figure|numbers?|sum\b|should (?:only )?be|too much|doesnt add|dont add|monto|cantidad|saldo|cobr\w+ (?:de mas|doble|dos veces|mal)|inflad\w+|intereses|cuadra|coincide|cifra|\$ ?\d"),
    ("service_issue", r"never (?:received|got|arrived|came|delivered|worked|showed|finished|did)|didnt (?:receive|get|arrive|work|do|finish|show|deliver|come)|not (?:delivered|received|completed|done|finished)|defective|broken|returned|return(?:ed|ing)? (?:it|the)|(?:sent|shipped|took|brought) (?:it |them |that )?back|wrong (?:item|thing|product|order|one)|never (?:\w+ )?(?:ran|completed|fixed|installed)|contractor|service|product|lemon|faulty|damaged|cancell?ed (?:it|the|my|before)|never (?:been )?(?:provided|performed|rendered|installed|treated)|wasnt (?:delivered|done|fixed|finished)|(?:algo|servicio) que no me (?:hicieron|dieron)|nunca (?:llego|recibi|lo recibi|me (?:dieron|entregaron|atendieron)|funciono|entregaron)|no (?:funciono|llego|sirvio|me (?:entregaron|atendieron|dieron))|devolvi|regrese|defectuos\w+|servicio|producto|mercancia|refund\w*|didnt fix"),
    ("unknown_debt", r"(?:dont|do not|never|not|no|cant) (?:even )?(?:recognize|recognise|remember|recall|know|heard|hear|aware|idea|clue|record|memory|recollection|familiar|have any)|no (?:idea|clue|record|memory|recollection|knowledge)|never heard|what (?:debt|is this)|unfamiliar|unaware|no (?:reconozco|recuerdo|se de|se que|se nada|tengo idea|me acuerdo|conozco|tengo conocimiento|se cual)|desconozco|news to me|first (?:i|ive|time)|que deuda"),
    ("not_mine", r"not (?:my|mine|ours|me)|dont think (?:this|it|that)s?(?: is)? (?:my|mine)|never (?:even |ever )*(?:been|agreed|owed)|nt my|isnt (?:my|mine)|isn't (?:my|mine)|aint (?:my|mine)|wasnt (?:me|mine)|never (?:had|opened|lived|bought|signed|owed|been|was|used|took|went|applied|ordered|borrowed|stayed|visited|owned|did business|banked|shopped|have|did|a)|didnt (?:open|sign|buy|have|order|borrow|use|take|make|go|live|apply)|(?:some|any)(?:one|body) else|wrong person|different person|no es (?:mi|mia|mio|nuestra)|no son (?:mi|mias|mios)|nunca (?:(?:la|lo|las|los) )?(?:tuve|abri|compre|firme|vivi|pedi|use|fui|estuve|saque|he|solicite|contrate)|no (?:abri|compre|firme|pedi|vivi|tuve|saque|hice)|otra persona|nada que ver con|(?:dont|never|didnt) owe|owe (?:you |them )?nothing|no (?:les |le )?debo|nothing owed|ex(?:'s| ?husband| ?wife)|identity|stole|fraud\w*|fraude|robar\w*|robo|same name|my (?:brother|son|father|mother|ex|roommate)s?|not responsible|niego"),
)  # fmt: skip
_HARDSHIP: tuple[tuple[str, str], ...] = (
    ("bereavement", r"funeral\w*|burial|buried|passed away|widow\w*|(?:husband|wife|mom|mother|dad|father|son|daughter|brother|sister|spouse|partner|grandma|grandmother|kid) (?:just |recently )?(?:died|passed)|lost my (?:husband|wife|mom|mother|dad|father|son|daughter|spouse|brother|sister)|fallec\w+|funerales|murio|viud[oa]|entierro|death in|perdi a mi"),
    ("divorce", r"divorc\w+|separat\w+|husband left|wife left|left me|split up|custody|separ(?:e|amos|acion)|ex(?: |-)?(?:husband|wife) (?:took|left)|broke up|me dejo|alimony"),
    ("disaster", r"hurricane|flood\w*|\bfire\b|tornado|disaster|wildfire|earthquake|storm|fema|burn(?:ed|t) down|huracan|inundacion|incendio|terremoto|tormenta|se quemo|se inundo|house burned|mudslide"),
    ("disability", r"disab\w+|ssdi|\bssi\b|handicap\w*|discapac\w+|incapacit\w+|incapacidad|wheelchair|cant walk|paralyz\w+"),
    ("fixed_income", r"fixed income|social security|pension\w*|retire\w+|seguro social|jubilad\w*|ingreso fijo|only get|on a fixed|retir\w+ checks?"),
    ("medical", r"cancer|chemo|surger\w+|h?ospital\w*|sick|ill(?:ness)?\b|stroke|heart|medical|medicine|meds\b|dial[iy]s[ia]s?|diabet\w+|injur\w+|accident|operat(?:ed|ion)|enferm\w+|quimio\w*|cirugia|operacion|operaron|operar|medicinas?|doctor|health|pregnan\w+|embaraz\w+|covid|broke my|broken (?:leg|arm|hip|back)|hurt|tumor|kidney|treatment|tratamiento|salud|maternity|accidente|therapy|rehab"),
    ("job_loss", r"(?:lost|lose|losing) (?:my |his |her |the |our )?(?:job|work|employment)|laid off|layed off|laid-off|let go|fired|terminated|unemploy\w+|jobless|no (?:job|work)|out of (?:a )?(?:work|job)|without (?:a )?(?:job|work)|dont have (?:a )?(?:job|work)|not working|furlough\w+|got canned|downsiz\w+|between jobs|quit my job|company closed|plant closed|store closed|sin (?:trabajo|chamba|empleo|jale)|perdi (?:mi |el )?(?:trabajo|empleo|chamba)|despid\w+|me corrieron|me botaron|me echaron|desemple\w+|no tengo (?:trabajo|chamba|empleo)|quede sin (?:trabajo|empleo)|looking for (?:a )?(?:job|work)|buscando trabajo|me descansaron|no trabajo|cerro la|havent worked|cant find work|no he trabajado|sin trabajar|(?:let|laid) (?:\\w+ ){1,4}(?:go|off)|no encuentro trabajo|got axed|pink slip|perdio (?:su|el) trabajo|lost (?:his|her) job|lost (?:it all|everything)(?! in)"),
    ("reduced_income", r"(?:reduction|cut|drop) in (?:\w+ )?(?:hours|pay|income|wages)|hours (?:got |were |was |are |have been |been )?(?:cut|reduced|slashed)|cut my hours|reduced hours|pay ?cut|less (?:hours|work|income|pay)|fewer hours|part ?-?time|income (?:dropped|went down|is down|cut)|slow (?:season|month|at work)|business is slow|lower (?:pay|income)|menos horas|horas (?:reducidas|menos)|(?:cortaron|bajaron|redujeron|recortaron|quitaron) (?:las |mis )?horas|menos trabajo|poco trabajo|gano menos|making less|only working|pocas horas|overtime|tips|gigs|on strike|bajo el trabajo|half my"),
    ("housing", r"rent\b|evict\w+|homeless|foreclos\w+|mortgage|shelter|sleeping in|living in my car|renta\b|desaloj\w+|hipoteca|sin hogar|casa|moving out|couch|landlord"),
)  # fmt: skip
_LANGUAGES: tuple[tuple[str, str], ...] = (
    ("es", r"spanish|espanol|castellano"),
    ("en", r"english|ingles"),
    ("zh", r"chinese|mandarin|cantonese|chino|mandarin"),
    ("ko", r"korean|coreano"),
    ("vi", r"vietnamese|vietnamita"),
    ("fr", r"french|frances"),
    ("ru", r"russian|ruso"),
    ("ar", r"arabic|arabe"),
    ("tl", r"tagalog|filipino|tagalo"),
    ("pt", r"portuguese|portugues"),
    ("ht", r"haitian|creole|kreyol|criollo"),
    ("hi", r"hindi"),
    ("ur", r"urdu"),
    ("pl", r"polish|polaco"),
    ("de", r"german|aleman"),
    ("ja", r"japanese|japones"),
    ("it", r"italian|italiano"),
    ("so", r"somali"),
    ("hmn", r"hmong"),
    ("fa", r"farsi|persian"),
    ("uk", r"ukrainian|ucraniano"),
    ("pa", r"punjabi"),
    ("hy", r"armenian"),
    ("am", r"amharic"),
    ("bn", r"bengali"),
    ("th", r"thai"),
    ("km", r"khmer"),
    ("ne", r"nepali"),
    ("sw", r"swahili"),
    ("el", r"greek"),
    ("ro", r"romanian"),
    ("sq", r"albanian"),
    ("my", r"burmese"),
    ("gu", r"gujarati"),
    ("ta", r"tamil"),
    ("te", r"telugu"),
)
_NO_ENGLISH = re.compile(
    r"(?:no|dont|not|don't|poco|little|bad) (?:speak |hablo |understand |entiendo |good |read |much |very good )*(?:english|ingles)"
)


_TABLES = {"dispute": _DISPUTE, "hardship": _HARDSHIP}


def heard(kind: str, low: str) -> list[str]:
    """Codes of a dispute's or a hardship's reason whose patterns match, the more telling first."""
    return _all(_TABLES[kind], low)


def _all(table: tuple[tuple[str, str], ...], low: str) -> list[str]:
    return [code for code, pattern in table if re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", low)]


def _first(table: tuple[tuple[str, str], ...], low: str) -> str | None:
    return next(iter(_all(table, low)), None)


def language(low: str, written_in: str) -> str | None:
    """The language asked for; "no hablo inglés" asks for Spanish."""
    if _NO_ENGLISH.search(low):
        rest = _NO_ENGLISH.sub(" ", low)
        return _first(_LANGUAGES, rest) or ("es" if written_in == "es" else None)
    return _first(_LANGUAGES, low)
