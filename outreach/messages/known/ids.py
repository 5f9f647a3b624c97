"""How ids and instants of ours are written in facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def key(p: Mapping[str, Any]) -> str:
    return f"{'P' if p['kind'] == 'phone' else 'E'}{p['id']}"


def instant(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
