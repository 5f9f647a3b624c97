"""One spelling for many hands: accents, elongation, spaced letters, look-alikes, slang, contractions, typos of key words."""

from __future__ import annotations

import re
import unicodedata

_CONFUSABLE = str.maketrans(
    "аеорсухікмнтвѕјԁɡαοερτυνικ‘’ʼ´`“”«»–—−",
    "aeopcyxikmhtbsjdgaoeptuvik'''''\"\"\"\"---",
)
_EMOJI = {
    "🛑": " stop ", "✋": " stop ", "🚫": " stop ", "⛔": " stop ", "🖕": " fuckyou ", "👍": " thumbsup ", "👌": " thumbsup ",
    "✅": " thumbsup ", "👎": " thumbsdown ", "🙏": " praying ",
}  # fmt: skip
_DOUBLES = frozenset(
    [
        "all",
        "will",
        "still",
        "bill",
        "call",
        "tell",
        "too",
        "see",
        "free",
        "feel",
        "need",
        "keep",
        "been",
        "seen",
        "well",
        "sell",
        "fill",
        "off",
        "add",
        "soon",
        "school",
        "week",
        "weeks",
        "good",
        "look",
        "book",
        "took",
        "foot",
        "food",
        "room",
        "agree",
        "fee",
        "fees",
        "speech",
        "off",
        "issue",
        "pass",
        "less",
        "miss",
        "boss",
        "loss",
        "guess",
        "process",
        "address",
        "class",
        "press",
        "full",
        "pull",
        "hello",
        "ello",
        "ll",
        "happen",
        "happy",
        "happened",
        "supposed",
        "wanna",
        "gonna",
        "dinner",
        "letter",
        "better",
        "matter",
        "attorney",
        "collect",
        "suppose",
        "bankrupt",
        "soo",
        "moon",
        "noon",
        "afternoon",
        "too",
        "cell",
        "small",
        "kill",
        "killed",
        "llamar",
        "llamen",
        "llame",
        "ella",
        "ellos",
        "calle",
        "correo",
        "leer",
        "creer",
    ]
)
_SPACED = re.compile(r"(?<![a-z0-9])((?:[a-z][ .\-_*]{1,2}){3,}[a-z])(?![a-z0-9])")
_SPACED_WORDS = (
    "stop",
    "quit",
    "stopall",
    "unsubscribe",
    "cancel",
    "alto",
    "parar",
    "baja",
    "basta",
    "help",
    "info",
    "end",
)
_LEET = str.maketrans("01345$@!7", "oieassait")
_KEYWORDS = frozenset(
    [
        "stop",
        "quit",
        "unsubscribe",
        "cancel",
        "optout",
        "remove",
        "texting",
        "messaging",
        "stopall",
        "lawyer",
        "attorney",
        "bankruptcy",
        "dispute",
        "alto",
        "parar",
        "basta",
        "baja",
        "cancelar",
    ]
)
#: typo -> word; only words whose loss would matter, and no real word on the left
_TYPOS: dict[str, str] = {}
for _word, _typos in {
    "stop": "stp sotp stpo tsop stopp stoop sstop stip stoppp soptt ztop stob stopo stol stoo5 stap dtop atop syop srop stopz stahp staph stooop sopt",
    "stop it": "stopit stoppit",
    "stop now": "stopnow",
    "stop texting": "stoptexting stoptext",
    "unsubscribe": "unsuscribe unsubcribe unsubscibe unsubsribe unscribe unsubscrib unsubscirbe unsubscripe unsbscribe unsubsrcibe unsubscride usubscribe unsubscrbe unsubscrube unsub unsubribe unsusbcribe insubscribe",
    "quit": "quitt qiut quut qit quitit",
    "cancel": "cancle cansel cancell canel cancal cncel cancek",
    "help": "hlep helpp hep hellp halp hlp",
    "info": "inof ifno infoo",
    "ayuda": "ayda aiuda ayudaa alluda",
    "cancelar": "canselar cancelr",
    "lawyer": "lawer laywer lawyr layer's lawyier loyer lawywer lwyer",
    "attorney": "attorny atorney attourney attorey atty attn'y attoney attornery atturney aturney",
    "abogado": "avogado abogdo aboagdo abogao",
    "abogada": "avogada",
    "bankruptcy": "bankrupcy bankruptsy bankrupsy bancruptcy bankruptcey bankrupty bankruptcty bankrupcty banruptcy backruptcy bankruptry",
    "bancarrota": "bancarota vancarrota bankarrota",
    "deceased": "diceased deseased decased deceaced",
    "dispute": "dispuet disput dipsute disbute",
    "disputing": "disputeing",
    "identity": "identiy idenity indentity idenitity",
    "balance": "balence ballance blance balanc balnce balane",
    "payment": "pmnt paymnt payement pymt pmt paymet pymnt",
    "payments": "paymnts payements pymts pmts paymets pymnts",
    "message": "mesage messge msg massage mssg mesg",
    "messages": "mesages messges msgs msges massages mssgs mesgs",
    "messaging": "mesaging msging msgin msgn messagin mssging",
    "texting": "txting txtin txtn texing textin txtng textn texitng tecting texng textign txitng",
    "text": "txt tex tect txet texr",
    "texts": "txts txs texs texxts",
    "contact": "contct conact contac cantact",
    "contacting": "contactin contactn conacting",
    "wrong": "wrng wong worng rong wronng",
    "number": "numbr nubmer numer num nmber numbar nr",
    "please": "pls plz plse pleas plese pleese pleace pleasee puh-lease",
    "validate": "valadate validat",
    "verification": "verifcation varification",
    "settlement": "setlement settlemnt settelment",
    "settle": "setle settel",
    "creditor": "credtor creditr crediter",
    "original": "orignal orginal origional oringinal",
    "month": "mnth mo montg moth munth",
    "monthly": "montly monthy mnthly monthley mthly mntly mothly monthlly",
    "week": "wk weak wek",
    "weekly": "wkly weakly weekley",
    "weeks": "wks weaks wekes",
    "months": "mos mths mnths",
    "tomorrow": "tmrw tomorow tmr 2moro tomm tomoro tommorow tommorrow tmmrw tmw 2morrow 2mrw",
    "friday": "fri firday fridy frday",
    "fridays": "fris fridys",
    "biweekly": "bi-wkly biwkly biweekley bi-wk",
    "email": "emial emai eamil e-mail",
    "instead": "insted insteed",
    "next": "nxt",
    "every": "evry evey",
    "starting": "strtin startin starting",
    "amount": "amout ammount amont",
    "already": "alredy aledy allready alrdy",
    "job": "jb",
    "lost": "lst",
    "not": "nt",
    "dont": "dnt",
    "payday": "paydy",
    "cada": "kada",
    "manden": "mandenn",
    "escriban": "escrivan",
    "comunicarse": "comunikarse",
    "fallecio": "fayecio falecio",
    "hermano": "ermano",
    "comprobantes": "comprovantes",
    "abogados": "avogados",
    "monday": "mon mnday mondy",
    "tuesday": "tue tues teusday tuesdy",
    "wednesday": "weds wensday wednsday wendsday wedsday",
    "thursday": "thur thurs thrusday thursdy thrusdy",
    "saturday": "saterday saturdy satruday",
    "thanks": "thx thnx thanx tks thks thnks tnx ty",
    "because": "bc cuz cus bcuz becuase becasue",
    "you": "u yu ya'll yall",
    "your": "ur yur yr",
    "you're": "youre ure",
    "people": "ppl peple",
    "tonight": "2nite tonite",
    "before": "b4",
    "through": "thru",
    "receive": "recieve",
    "receiving": "recieving",
    "nobody": "nobdy",
    "company": "compny",
    "employer": "employr",
    "hospital": "hosptial hospitl",
    "disabled": "disabld",
    "unemployed": "unemployd unemploied",
    "paycheck": "paycheque paychek paychk",
    "owe": "ow",
    "stopped": "stoped",
    "about": "abt abot",
    "with": "w wit wth",
    "without": "w/o",
    "right": "rite rigth",
    "phone": "fone phne",
    "never": "nvr",
    "something": "smth sumthin somthing",
    "want": "wnt",
    "wanna": "wana",
    "know": "kno knw",
    "really": "rly realy",
    "government": "goverment",
    "que": "ke qe",
    "porque": "xq pq porq xke porke",
    "por favor": "xfa porfa porfavor porfis pf x favor",
    "mensajes": "mensages mensjaes msjs mjs mensaje's sms's mensajez",
    "mensaje": "mensage msj mje",
    "quiero": "kiero qiero",
    "quiere": "kiere",
    "pagar": "pagr",
    "numero": "nuemro num. numro",
    "equivocado": "ekivocado equibocado equivocdo",
    "tambien": "tmb tambn tb",
    "estoy": "stoy",
    "deben": "devén",
    "debo": "devo",
    "hablar": "ablar",
    "hacer": "aser hacr",
    "hospitalizado": "ospitalizado",
    "dejen": "degen dejn",
    "escribir": "escrivir",
    "trabajo": "travajo trbajo",
    "gracias": "grasias grcs gracis",
    "cuanto": "quanto kuanto cuato",
}.items():
    for _typo in _typos.split():
        _TYPOS[_typo] = _word

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
