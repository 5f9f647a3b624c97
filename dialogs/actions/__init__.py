"""rasa-sdk actions, one file per subject. A new file with a DialogAction in it is found by itself."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from dialogs.actions.base import DialogAction


@cache
def discover() -> tuple[type[DialogAction], ...]:
    """Every action of the folder, by name."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return tuple(sorted(_below(DialogAction), key=lambda kind: kind.label))


def _below(kind: type[DialogAction]) -> list[type[DialogAction]]:
    children = [child for k in kind.__subclasses__() for child in [k, *_below(k)]]
    return [child for child in children if child.label]
