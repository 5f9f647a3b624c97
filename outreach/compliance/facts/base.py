"""What every fact is: frozen, compared by value, written as JSON in one call. A decision makes dozens of them."""

from __future__ import annotations

import msgspec


class Fact(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    gc=False,  # frozen values of frozen values: no cycles
    rename=lambda name: name.rstrip("_"),  # `from_` is `from` in a case
):
    """Made sixteen times faster than a frozen dataclass (`python -m benchmarks rules`)."""
