"""The scenarios `outreach dialog play` is given: a YAML file, its defaults merged into each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from outreach.errors import OutreachError

DEFAULTS: dict[str, Any] = {
    "today": "2026-03-11",
    "now": "10:30",
    "lang": "en",
    "channel": "sms",
    "trust": "verified",
    "policy": {"min_monthly": 50.0, "max_months": 24, "first_payment_within_days": 30},
    "person": {
        "name": "Dana Holloway", "zip": "94110", "dob": "1985-07-04", "tz": "America/Los_Angeles", "state": "CA",
    },
    "accounts": [{"ref": "4471", "creditor": "Fairview Medical Group", "balance": 612.40, "time_barred": False}],
    "prior": {},
}  # fmt: skip


class PlayError(OutreachError):
    """The scenarios cannot be read."""


def scenarios(path: Path) -> list[dict[str, Any]]:
    """Each scenario with the defaults merged in. Raises PlayError naming what is wrong."""
    try:
        plot = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PlayError(f"{path} cannot be read: {error}") from error
    if not isinstance(plot, dict) or not isinstance(plot.get("scenarios"), list):
        raise PlayError(f"{path} needs a list `scenarios` (interfaces: dialog play).")
    base = merged(DEFAULTS, plot.get("defaults") or {})
    return [merged(base, scenario) for scenario in plot["scenarios"]]


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Maps merge, lists and values replace."""
    result = dict(base)
    for key, value in over.items():
        known = result.get(key)
        result[key] = merged(known, value) if isinstance(known, Mapping) and isinstance(value, Mapping) else value
    return result
