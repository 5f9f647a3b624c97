"""Writes `vocabulary.txt` and `ordinary.txt`, which spelling correction needs.

    pip install wordfreq==3.1.1
    python -m outreach.compliance.optout.build

The vocabulary is the words the grammars and keywords are written in, commonest first. Ordinary are the common words so
near to one of them that correction has to leave them alone. A maintainer runs it after a change of the grammars; the
service never does.
"""

from __future__ import annotations

import re
from pathlib import Path

from outreach.compliance.optout import spelling

#: Words per language looked at, and how rare (log10 per thousand million words) a word still counts as a word.
COMMON = 60_000
RAREST_WORD = 2.4
RAREST_ORDINARY = 3.0
ACCENTS = str.maketrans("áéíóúüñ", "aeiouun")


def _plain(word: str) -> str | None:
    bare = word.translate(ACCENTS)
    return bare if bare.isascii() and bare.isalpha() else None


def main() -> None:
    """Both files, from the grammars and the frequency lists of both languages."""
    import wordfreq  # type: ignore[import-not-found]

    here = Path(spelling.__file__).parent
    written = " ".join(
        (here / name).read_text(encoding="utf-8") for name in ("en.yaml", "es.yaml", "keywords.yaml", "extra.txt")
    )
    literal = set(re.findall(r"[a-z]{4,}", written))
    frequency: dict[str, float] = {}
    for language in ("en", "es"):
        for word in wordfreq.top_n_list(language, COMMON):
            if plain := _plain(word):
                frequency[plain] = max(frequency.get(plain, 0), wordfreq.zipf_frequency(word, language))
    kept = [word for word in literal if frequency.get(word, 0) >= RAREST_WORD or word in spelling.extra()]
    kept.sort(key=lambda word: (-frequency.get(word, 0), word))
    (here / "vocabulary.txt").write_text("\n".join(kept) + "\n", encoding="utf-8")
    (here / "ordinary.txt").write_text("", encoding="utf-8")
    spelling.forget()
    common = (word for word, often in frequency.items() if often >= RAREST_ORDINARY)
    near = sorted(word for word in common if spelling.corrected(word) != word)
    (here / "ordinary.txt").write_text("\n".join(near) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
