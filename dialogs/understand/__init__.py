"""Words -> intents and slots. `read` is the reader, `mask` what the application applies on arrival."""

from __future__ import annotations

from datetime import date

from dialogs.understand.labels import CRITICAL
from dialogs.understand.reader import Prediction, critical, read
from dialogs.understand.slots.contact import mask

__all__ = ["CRITICAL", "Prediction", "critical", "mask", "read", "warm"]


def warm() -> None:
    """Compiles the grammars now, so that no turn pays for it."""
    read("hello", today=date(2026, 1, 1))
    read("hola buenos días", today=date(2026, 1, 1))
