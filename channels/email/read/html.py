"""HTML to text in one pass, with quotations marked by ">" so that the same reader strips them from both renditions.

Parsers build trees, and mail can nest 100,000 elements; a scan over the tags cannot be made to wait.
"""

from __future__ import annotations

import html
import re

from channels.email.read import decode

#: characters shown that are kept; styles, scripts, comments and pasted pictures are none
LARGEST = 400_000
#: quoted ones; a reply may stand below the longest correspondence
MOST_QUOTED = 100_000
MOST_TAGS = 40_000
#: a "<" before anything else is read as itself
OPENING = re.compile(r"<(?=[a-zA-Z/!?\s])")
TAG = re.compile(r"<\s*(/?)\s*([a-zA-Z][\w:-]*)([^<>]*)>?")
BLOCK = frozenset(
    [
        "p",
        "div",
        "tr",
        "table",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "header",
        "footer",
        "pre",
        "form",
        "hr",
        "address",
        "dl",
        "dt",
        "dd",
    ]
)
PARAGRAPH = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6"])
HIDDEN = frozenset(["script", "style", "head", "title", "noscript", "template", "object", "svg"])
#: elements whose content is no markup
RAW = frozenset(["script", "style"])
RAW_ENDS = re.compile(r"</(?:script|style)", re.IGNORECASE)
#: containers in which mail programs put what is answered; everything after them is the quotation
QUOTATION = re.compile(
    r"""(?:id|name)\s*=\s*["']?(?:divRplyFwdMsg|appendonsend|x_divRplyFwdMsg|x_appendonsend|OLK_SRC_BODY_SECTION|"""
    r"""mail-editor-reference-message-container|ms-outlook-mobile-reference-message|replySplit|reply-intro)"""
    r"""|class\s*=\s*["']?[^"'>]*\b(?:yahoo_quoted|OutlookMessageHeader|gmail_quote_container_end|ymail_android_quote)\b""",
    re.IGNORECASE,
)
#: the line Outlook draws above what is answered
RULE = re.compile(r"border:\s*none;\s*border-top:\s*solid\s+#?(?:E1E1E1|B5C4DF)\s+1\.0pt", re.IGNORECASE)
SIGNATURE = re.compile(
    r"""(?:class|id)\s*=\s*["']?[^"'>]*\b(?:gmail_signature|moz-signature|ms-outlook-mobile-signature|"""
    r"""protonmail_signature_block|AppleMailSignature|yahoo-signature|Signature)\b""",
    re.IGNORECASE,
)
MARK = "\x02"  #: a quotation begins here
SIGN = "\x03"  #: a signature begins here
SPACES = re.compile(r"[ \t\r\n\f]+")


def to_text(source: str) -> str:
    """Readable text; quotations and signatures carry the marks of this module, which `quotes` understands."""
    page, at, hidden, tags = _Page(), 0, "", 0
    while at < len(source) and tags < MOST_TAGS and page.room > 0:
        found = OPENING.search(source, at)
        opening = found.start() if found else len(source)
        if not hidden:
            page.say(source[at:opening])
        if source.startswith("<!--", opening):
            closing = source.find("-->", opening)
            at = len(source) if closing < 0 else closing + 3
            continue
        tag = TAG.match(source, opening)
        if not tag:
            at = _stray(source, opening, page, hidden)
            continue
        at, tags = tag.end(), tags + 1
        closes, name, attributes = bool(tag[1]), tag[2].lower(), tag[3][:2000]
        if name in RAW and not closes and not hidden:
            ends = RAW_ENDS.search(source, at)
            at = ends.start() if ends else len(source)
        elif name in HIDDEN:
            hidden = "" if closes and hidden == name else hidden or ("" if closes or tag[3].endswith("/") else name)
        elif not hidden:
            page.tag(name, attributes, closes=closes)
    return page.text()


def _stray(source: str, opening: int, page: _Page, hidden: str) -> int:
    """Behind a declaration, or behind a "<" that begins no tag and is read as itself."""
    if source.startswith(("<!", "<?", "</"), opening):
        closing = source.find(">", opening)
        return len(source) if closing < 0 else closing + 1
    if opening < len(source) and not hidden:
        page.say("<")
    return opening + 1


class _Page:
    """Lines being written; a line is kept in pieces, because adding to a long string copies it each time."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._pieces: list[str] = []
        self._quoted = 0
        self._most_quoted = MOST_QUOTED
        self.room = LARGEST

    def say(self, words: str) -> None:
        if self._quoted:
            words = words[: max(0, self._most_quoted)]
            self._most_quoted -= len(words)
        words = words[: self.room]
        self.room -= len(words)
        said = SPACES.sub(" ", decode.clean(html.unescape(words)) if "&" in words else words)
        if not self._pieces:
            said = said.lstrip(" ")
        if said:
            self._pieces.append(said)

    def tag(self, name: str, attributes: str, *, closes: bool) -> None:
        if name == "blockquote":
            self._close()
            self._quoted = max(0, self._quoted + (-1 if closes else 1))
        elif name == "br":
            self._line()
        elif name in BLOCK or name == "li":
            self._close()
            if name in PARAGRAPH and self._lines and self._lines[-1].strip("> "):
                self._line()
            if name == "li" and not closes:
                self._pieces.append("* ")
        elif name in {"td", "th"} and not closes and self._pieces:
            self._pieces.append(" ")
        if attributes and not closes:
            self._mark(attributes)

    def text(self) -> str:
        self._close()
        return "\n".join(self._lines).strip("\n")

    def _mark(self, attributes: str) -> None:
        mark = MARK if QUOTATION.search(attributes) or RULE.search(attributes) else ""
        mark = mark or (SIGN if SIGNATURE.search(attributes) else "")
        if mark:
            self._close()
            self._lines.append(mark)

    def _close(self) -> None:
        if self._pieces:
            self._line()

    def _line(self) -> None:
        self._lines.append(("> " * min(self._quoted, 5) + "".join(self._pieces)).rstrip())
        self._pieces.clear()
