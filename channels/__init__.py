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

#: units a second of a channel that sets no rate
UNLIMITED = 1000.0


@cache
def discover() -> dict[str, ModuleType]:
    """Every channel by folder name, imported but connected to nothing. Each module has `Settings` and `Adapter`."""
    folders = sorted(path.parent.name for path in Path(__file__).parent.glob("*/channel.py"))
    return {name: importlib.import_module(f"channels.{name}.channel") for name in folders}


def medium_of(name: str) -> str:
    """What rules read of a channel; a name that is no channel's is its own (`mail` and `voice` are logged by people)."""
    module = discover().get(name)
    return str(module.Adapter.medium) if module else name


def units(name: str, text: str) -> int:
    """What a text costs a channel's rate: segments for SMS, 1 elsewhere."""
    module = discover().get(name)
    return int(module.Adapter.units(text)) if module else 1


def scope_of(name: str, address: str) -> str:
    """The recipient's own system, where a channel can tell one from another (the domain of a mailbox); else ""."""
    scope = getattr(discover()[name].Adapter, "scope_of", None)
    return str(scope(address)) if scope else ""


def rates(values: Mapping[str, str]) -> dict[str, float]:
    """Units a second of every channel, for the whole cluster, as these values set them; a channel that does not say has no limit."""
    found = {name: getattr(module.Settings, "rate", None) for name, module in discover().items()}
    return {name: rate(values) if rate else UNLIMITED for name, rate in found.items()}


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
