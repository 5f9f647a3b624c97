"""What a person newly wrote, without what they answer, without signature. Many mail programs, many languages."""

from __future__ import annotations

from channels.email.read import signature
from channels.email.read.html import MARK, SIGN
from channels.email.read.introductions import LONGEST_LINE, QUOTE, introduces, patterns, quoted_next

#: text and lines looked at, from the top and as much again from the end: nobody writes into the middle of more
LONGEST = 200_000
MOST_LINES = 1_000
#: a warning that the receiving company's gateway adds stands within so many lines from the top
TOP = 6
#: lines of a run of quoted ones that are kept to judge what stands around them
EDGE = 3


def newly_written(text: str, *, names: frozenset[str] = frozenset(), quoted: bool = False) -> str:
    """Only what the writer added; answers written between or below quoted lines are kept.

    `names`: the words of the writer's own name in lower case, by which a signature is known. `quoted` keeps the
    quotations, for a mail that is nothing else.
    """
    text = "\n".join(_fewer(text.split("\n")))
    if len(text) > 2 * LONGEST:
        text = f"{text[:LONGEST]}\n{text[-LONGEST:]}"
    lines = signature.unarmoured([line.rstrip() for line in text.split("\n")])
    if not quoted:
        lines = _without_quotation(lines)
    return "\n".join(signature.cut(lines[: 2 * MOST_LINES], names)).strip().strip(MARK + SIGN).strip()


def _fewer(lines: list[str]) -> list[str]:
    """Long quotations shortened to their edges, and of what is still too long the beginning and the end."""
    kept: list[str] = []
    run: list[str] = []
    for line in (*lines, ""):
        if line.startswith(">"):
            run.append(line)
            continue
        kept += run if len(run) <= 2 * EDGE else run[:EDGE] + run[-EDGE:]
        run.clear()
        kept.append(line)
    kept.pop()
    return kept if len(kept) <= 2 * MOST_LINES else kept[:MOST_LINES] + kept[-MOST_LINES:]


def _without_quotation(lines: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line == MARK:
            break
        if patterns()["groupwise"].match(line) and not quoted_next(lines, at + 1):
            break
        if QUOTE.match(line):
            at += 1
            continue
        if patterns()["run_on"].match(line[:LONGEST_LINE]) and not quoted_next(lines, at + 1):
            break
        if len(line) > LONGEST_LINE:
            kept.append(line)
            at += 1
            continue
        if shared := patterns()["shared"].match(line):
            kept.append(shared[1].rstrip("- "))
            if not quoted_next(lines, at + 1):
                break
            at += 1
            continue
        if at < TOP and patterns()["banner"].match(line):
            at = _paragraph(lines, at)
            continue
        begins = introduces(lines, at)
        if begins:
            behind = at + begins
            if not quoted_next(lines, behind):
                break
            at = behind
            continue
        if not _fragment(lines, at):
            kept.append(line)
        at += 1
    return kept


def _paragraph(lines: list[str], at: int) -> int:
    """The line behind this paragraph."""
    while at < len(lines) and lines[at].strip():
        at += 1
    return at


def _fragment(lines: list[str], at: int) -> bool:
    """The tail of a long quoted line that a mail program wrapped without its mark."""
    if not 0 < at < len(lines) - 1 or not lines[at].strip():
        return False
    before, after, line = lines[at - 1], lines[at + 1], lines[at].strip()
    wrapped = QUOTE.match(before) and QUOTE.match(after) and len(before) >= 60 and len(line) < 80
    return bool(wrapped and (line[0].islower() or line.startswith(("http", "<"))))
