"""What the writer added, and the same in one spelling: quoted text off, contractions, slang, look-alike letters folded."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from dialogs.understand import spelling

#: More than this is read from the start only; a 10,000-word mail must not stall a worker.
LONGEST = 6000

_QUOTE_STARTS = re.compile(
    r"""^\s*(?:
      >|\|\s
      |-{2,}\s*(?:original|forwarded|mensaje|reply\ above|below)
      |_{8,}|={8,}
      |(?:on|el|le)\s.{4,120}\s(?:wrote|escribi[oó]|a\ écrit)\s*:?\s*$
      |(?:from|de|von)\s*:\s.*(?:@|<)
      |(?:sent\ from\ my|get\ outlook\ for|enviado\ desde\ mi|sent\ via|sent\ from\ yahoo|enviado\ do\ meu)
      |begin\ forwarded\ message
    )""",
    re.I | re.X,
)
_WROTE_BROKEN = re.compile(r"^\s*(?:on|el)\s.{4,160}$", re.I)
_WROTE_END = re.compile(r"(?:wrote|escribi[oó])\s*:\s*$", re.I)
_SIGNATURE = re.compile(r"^\s*--\s*$")
_HEADER = re.compile(r"^\s*(?:from|sent|to|subject|date|de|para|enviado|asunto|fecha)\s*:\s", re.I)
#: footers of ours and of mailing lists: instructions about stopping, never a wish to stop
_FOOTER = re.compile(
    r"""(?:(?:reply|text|txt|send|responda|conteste|env[ií]e)\s+["'“]?(?:stop|alto|unsubscribe|end|quit|baja)\b["'”]?\s*(?:to|para|2)\s[^.\n]*
      |to\s+(?:unsubscribe|stop\s+receiving)[^.\n]*,?\s*(?:click|reply|visit|send)[^.\n]*
      |(?:click|visit)\s+(?:here|below|the\s+link)?\s*to\s+unsubscribe
      |unsubscribe\s*(?:\||here\b|link\b|<?https?)[^\n]*
      |(?:manage|update)\s+(?:your\s+)?(?:email\s+)?preferences
      |msg\s*(?:&|and)\s*data\s+rates[^.\n]*)""",
    re.I | re.X,
)
_REACTION = re.compile(
    r"""^\s*(?:[\u200b-\u200f\s])*(?:
      (?:liked|loved|disliked|laughed\ at|emphasi[sz]ed|questioned|removed\ an?\ \w+(?:\ \w+)?\ from
        |le\ gust[oó]|le\ encant[oó]|a\ \w+\ le\ (?:gust[oó]|encant[oó])|me\ gusta|te\ gust[oó]
        |se\ ri[oó]\ (?:de|con)|enfatiz[oó]|reaccion[oó]\ (?:con\ )?\S+\ a|reacted\ \S+\ to|reacted\ to|no\ le\ gust[oó]
        |pregunt[oó]\ por|destac[oó]|puso\ \S+\ a)\s*
      |[^\w\s"'“«]{1,4}[\u200b\s]*(?:to|a)\s*
    )["'“”«‘].*""",
    re.I | re.X | re.S,
)
_AUTOREPLY = re.compile(
    r"""(?:automatic\ reply|auto-?\s?reply|out\ of\ (?:the\ )?office|respuesta\ autom[aá]tica|fuera\ de\ (?:la\ )?oficina
      |i\ am\ (?:currently\ )?(?:on\ (?:annual\ )?leave|on\ vacation|away\ from\ (?:my\ desk|the\ office))
      |i'?m\ driving\ (?:right\ now\ )?(?:with|and|-)?.{0,30}(?:do\ not\ disturb|turned\ on|notifications|see\ your\ message)
      |mailbox\ is\ (?:not\ monitored|full)|this\ is\ an\ auto|mensaje\ autom[aá]tico
      |i'?m\ not\ receiving\ notifications|(?:sorry\ )?can'?t\ talk\ (?:right\ )?now[.!]*\ call\ (?:me|you)\ (?:later|back)\ ?-?\ ?sent\ by)""",
    re.I | re.X,
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`text` is what the writer added, as typed; `flat` the same in one spelling, sentences parted by ` . `."""

    text: str
    flat: str
    reaction: bool = False
    autoreply: bool = False


def cleaned(text: str, *, channel: str) -> Cleaned:
    """Never raises, whatever the text holds."""
    text = _printable(text[: LONGEST * 4])
    if _REACTION.match(text) and len(text) < 1000:
        return Cleaned(text=text, flat="", reaction=True)
    if _AUTOREPLY.search(text[:400]):
        return Cleaned(text=text, flat="", autoreply=True)
    fresh = _newly_written(text) if channel == "email" or "\n" in text else text
    fresh = _FOOTER.sub(" ", fresh)[:LONGEST].strip()
    return Cleaned(text=fresh, flat=spelling.flatten(fresh))


def _printable(text: str) -> str:
    text = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})


def _newly_written(text: str) -> str:
    """Lines before the first mark of quoted text or a signature; answers between quoted lines stay."""
    kept: list[str] = []
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if line.lstrip().startswith((">", "|")):
            continue
        if _SIGNATURE.match(line) or _QUOTE_STARTS.match(line) or _header_block(lines, i) or _broken_wrote(lines, i):
            rest = [x for x in lines[i + 1 :] if x.strip()]
            # "On ... wrote:" followed by ">" lines and then an answer below: bottom posting
            if any(x.lstrip().startswith(">") for x in rest) and not _SIGNATURE.match(line):
                kept += _below_quote(rest)
            break
        kept.append(line)
    return "\n".join(kept)


def _below_quote(rest: list[str]) -> list[str]:
    last = max(i for i, x in enumerate(rest) if x.lstrip().startswith(">"))
    below: list[str] = []
    for line in rest[last + 1 :]:
        if _SIGNATURE.match(line) or _QUOTE_STARTS.match(line):
            break
        below.append(line)
    return below


def _header_block(lines: list[str], i: int) -> bool:
    """Outlook quotes begin with two or more header lines."""
    return bool(_HEADER.match(lines[i])) and i + 1 < len(lines) and bool(_HEADER.match(lines[i + 1]))


def _broken_wrote(lines: list[str], i: int) -> bool:
    """`On Mon, ... <a@b>` with `wrote:` on the next line."""
    following = lines[i + 1] if i + 1 < len(lines) else ""
    return bool(_WROTE_BROKEN.match(lines[i])) and bool(_WROTE_END.search(following)) and len(following) < 80
