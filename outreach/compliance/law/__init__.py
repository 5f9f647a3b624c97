"""Numbers of the law, dated, one YAML file per jurisdiction. A number from a statute never sits in code.

    opening_hour:
      cites: 12 CFR 1006.6(b)(1)(i)
      values: [{from: 1978-03-20, value: 8}]

A value holds from its `from` day on, until the next value or its own `until` (last day).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Value:
    since: date
    until: date | None
    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """A dated number, of which there is one. `name` is file.key, as an officer's page lists it."""

    name: str
    cites: str
    values: tuple[Value, ...]  #: newest first

    @lru_cache(maxsize=65536)  # noqa: B019 - parameters live as long as the process; every rule asks for today's
    def on(self, day: date) -> Any:
        """The value in force on a day at the consumer's location; None: none is."""
        for value in self.values:
            if day >= value.since:
                return value.value if value.until is None or day <= value.until else None
        return None


@cache
def _file(jurisdiction: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((HERE / f"{jurisdiction}.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def parameter(jurisdiction: str, key: str) -> Parameter:
    """The parameter `key` of `law/<jurisdiction>.yaml`. Raises KeyError when the file has none."""
    entry = _file(jurisdiction)[key]
    values = (Value(row["from"], row.get("until"), row["value"]) for row in entry["values"])
    return Parameter(
        f"{jurisdiction}.{key}", entry["cites"], tuple(sorted(values, key=lambda v: v.since, reverse=True))
    )


@cache
def table(name: str) -> dict[str, Any]:
    """A whole file that is a table, not a list of parameters (`holidays`, `house`)."""
    return _file(name)


def parameters() -> list[Parameter]:
    """Every dated parameter of every jurisdiction."""
    files = {path.stem: _file(path.stem) for path in sorted(HERE.glob("*.yaml"))}
    return [
        parameter(stem, key)
        for stem, content in files.items()
        for key, entry in content.items()
        if isinstance(entry, dict) and "values" in entry
    ]
