"""Dead relative links and anchors in the README and docs: python -m tests.house.links"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
_FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(
    r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|(?:href|src)=\"([^\"]+)\"|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE
)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|/", re.IGNORECASE)  # another host; paths of the running service


def documents() -> list[Path]:
    return [path for path in (REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))) if path.exists()]


def dead_links(document: Path) -> Iterator[str]:
    """The targets that lead nowhere."""
    text = _CODE.sub("", _FENCED.sub("", document.read_text(encoding="utf-8")))
    for match in _LINK.finditer(text):
        target = next(group for group in match.groups() if group)
        if _ELSEWHERE.match(target):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            yield target


def anchors(document: Path) -> set[str]:
    """As GitHub makes them from headings: lower case, no punctuation, dashes for blanks, repeated ones numbered."""
    found: set[str] = set()
    seen: Counter[str] = Counter()
    text = document.read_text(encoding="utf-8")
    for heading in _HEADING.findall(_FENCED.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found | set(re.findall(r"\b(?:id|name)=\"([^\"]+)\"", text))


def main() -> int:
    """0, or 1 after listing them."""
    dead = [f"{path.relative_to(REPOSITORY)}: {target}" for path in documents() for target in dead_links(path)]
    print("\n".join(dead) or "all links lead somewhere")
    return int(bool(dead))


if __name__ == "__main__":
    sys.exit(main())
