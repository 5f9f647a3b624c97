"""How to reach a person through a provider. A leaf: knows nothing of debts, consent or the database.

A folder with a `channel.py` is a channel; nothing else has to be told about it (docs/channels.md).
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

from channels.contract import Channel, Clock, utc_now


@cache
def discover() -> dict[str, ModuleType]:
    """Every channel by folder name, imported but connected to nothing. Each module has `Settings` and `Adapter`."""
    folders = sorted(path.parent.name for path in Path(__file__).parent.glob("*/channel.py"))
    return {name: importlib.import_module(f"channels.{name}.channel") for name in folders}


def build(values: Mapping[str, str], *, clock: Clock = utc_now) -> dict[str, Channel]:
    """The channels that these values switch on; call it inside the running event loop and `aclose()` each at the end.

    `values` are the settings of the service in lower case without prefix (`twilio_account_sid`, `smtp_url`, ...).
    A channel whose own settings are missing is present in `discover()` but off, and not in the answer.
    `clock` is the service's: messages expire and are dated by it.
    Raises ValueError with one sentence when a setting is there but wrong.
    """
    found = {name: module.Settings.from_values(values) for name, module in discover().items()}
    return {
        name: discover()[name].Adapter(settings, clock=clock)
        for name, settings in found.items()
        if settings is not None
    }
