"""One pass of a linear-time automaton over the words says which of many patterns may occur in them; most texts hold none.

`re` decides, on the few that may: tried one after the other on a mail, the patterns take a hundred times as long.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import re2


class Sieve:
    """Patterns by name. A pattern RE2 cannot express (a look-ahead), or reads otherwise (flags), may always occur."""

    def __init__(self, patterns: Mapping[str, re.Pattern[str]]) -> None:
        options = re2.Options()
        options.log_errors = False
        self._set = re2.Set.SearchSet(options)
        self._names: list[str] = []
        self._always = frozenset(name for name, pattern in patterns.items() if not self._add(name, pattern))
        self._all = frozenset(patterns)
        self._set.Compile()

    def _add(self, name: str, pattern: re.Pattern[str]) -> bool:
        if pattern.flags != re.UNICODE:
            return False
        try:
            self._set.Add(pattern.pattern)
        except re2.error:
            return False
        self._names.append(name)
        return True

    def __call__(self, text: str) -> Collection[str]:
        """Names of the patterns that may occur in `text`; none that does is left out."""
        if not text.isascii():  # the two differ on what a letter is beyond ASCII
            return self._all
        found = self._set.Match(text)
        return self._always.union(self._names[n] for n in found) if found else self._always
