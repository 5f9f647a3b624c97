"""Bytes to text when the mail is wrong about its own encoding. Nothing here raises."""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]*)?\?([bBqQ])\?([^?]*)\?=")
BETWEEN = re.compile(r"(=\?[^?]{1,60}\?[bBqQ]\?[^?]*\?=)\s+(?==\?[^?]{1,60}\?[bBqQ]\?)")
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
#: names that mean another encoding in practice, or that must never be looked up
ALIASES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
ALIASES |= {
    "ansi_x3.4-1968": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
}
ALIASES |= {
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "iso-8859-8-i": "iso-8859-8",
}
ALIASES |= {"cp-850": "cp850", "unicode-1-1-utf-7": "utf-7", "x-mac-roman": "mac-roman", "macintosh": "mac-roman"}
UNSAFE = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"}
#: encodings whose bytes may be valid UTF-8 by accident, or that are not ASCII at all
OWN_WAY = re.compile(r"utf|iso2022|gb18030|big5|cp9|euc|hz|shift")
MOJIBAKE = re.compile("[ÃÂâ][\u0080-\u00bf\u2018-\u203a\u20ac\u2122]")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def text(data: bytes, charset: str = "") -> str:
    """UTF-8 wherever it is UTF-8, else as declared, else Windows-1252; double encoding is undone."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    codec = known(charset)
    if codec and OWN_WAY.match(codec):
        decoded = _strictly(data, codec)
        if decoded is not None:
            return _undouble(decoded)
    decoded = _strictly(data, "utf-8") if not _escapes(data, codec) else None
    if decoded is None:
        decoded = data.decode(codec or "cp1252", "replace")
        if codec == "utf-8":  # declared, but not true
            decoded = data.decode("cp1252", "replace")
    return _undouble(decoded)


def known(charset: str) -> str:
    """The codec's own name, "" for one that does not exist or is no character set."""
    wanted = charset.strip().strip("'\"").lower().replace("_", "-") if charset else ""
    wanted = ALIASES.get(wanted, ALIASES.get(charset.strip().lower(), wanted))
    try:
        info = codecs.lookup(wanted)
        b" ".decode(info.name, "replace")  # of nothing Python does not ask whether it is text: zlib, rot13
    except (LookupError, ValueError, UnicodeError):
        return ""
    return "" if info.name in UNSAFE else info.name.replace("_", "") if info.name.startswith("iso2022") else info.name


def body(raw: bytes, encoding: str, problems: list[str]) -> bytes:
    """The transfer encoding undone."""
    match encoding.strip().lower():
        case "base64":
            return _base64(raw, problems)
        case "quoted-printable":
            return binascii.a2b_qp(raw)
    return raw


def header(raw: bytes) -> str:
    """Unfolded and decoded (RFC 2047, raw 8-bit as well)."""
    value = text(raw) if not raw.isascii() else raw.decode("ascii")
    value = re.sub(r"\r?\n(?=[ \t])|\r?\n", "", value).strip()
    if "=?" not in value:
        return value
    return WORD.sub(_word, BETWEEN.sub(r"\1", value))


def parameters(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Parameters of a structured field; RFC 2231 continuations and encodings undone."""
    plain: dict[str, str] = {}
    pieces: dict[str, list[str]] = {}
    charsets: dict[str, str] = {}
    for name, raw in pairs:
        value = raw.strip().strip('"').replace('\\"', '"') if raw.startswith('"') else raw.strip()
        base, star, _ = name.lower().partition("*")
        if not star:
            plain[base] = value
            continue
        if name.endswith("*") and base not in charsets and value.count("'") >= 2:
            charsets[base], _, value = value.split("'", 2)
        pieces.setdefault(base, []).append(value if not name.endswith("*") else _percent(value, charsets.get(base, "")))
    return plain | {base: "".join(values) for base, values in pieces.items()}


def clean(value: str) -> str:
    """No control characters but line feeds and tabs, no invisible joints, one kind of line end."""
    value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\u2028", "\n")
    return CONTROLS.sub("", re.sub("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e]", "", value))


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _escapes(data: bytes, codec: str) -> bool:
    return codec.startswith("iso2022") and b"\x1b" in data


def _undouble(value: str) -> str:
    """UTF-8 that somebody read as Windows-1252 and wrote again."""
    if not MOJIBAKE.search(value):
        return value
    try:
        return value.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return value


def _base64(raw: bytes, problems: list[str]) -> bytes:
    squeezed = raw.translate(None, b" \t\r\n")
    body = NOT_BASE64.sub(b"", squeezed)
    spare = len(body) % 4
    if len(squeezed.rstrip(b"=")) != len(body) or spare == 1 or (spare and not squeezed.endswith(b"=")):
        problems.append("bad base64")
    body = body[: len(body) - (spare == 1)]
    return binascii.a2b_base64(body + b"=" * (-len(body) % 4))


def _word(found: re.Match[str]) -> str:
    data = found[3].encode("utf-8", "replace")
    decoded = _base64(data, []) if found[2] in "bB" else binascii.a2b_qp(data.replace(b"_", b" "), header=False)
    return text(decoded, found[1])


def _percent(value: str, charset: str) -> str:
    return text(unquote_to_bytes(value), charset)
