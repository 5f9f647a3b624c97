"""Settings of a service that plays by itself: a database of its own, the carrier in-process, no pace and no log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from channels.carrier import Carrier
from outreach.settings import Settings


def settings(base: Settings, carrier: Carrier, folder: Path, **more: Any) -> Settings:
    """The configured ones, with what a play or a rehearsal must have of its own."""
    ours = {
        **carrier.values,
        "data_dir": folder,
        "database_url": "",
        "mail_from": f"{base.company_name} <post@harborpoint.example>",
        "now": None,
        "sms_segments_per_second": 10_000.0,
        "email_per_second": 10_000.0,
        "log_level": "CRITICAL",
    }
    return Settings(**{**base.model_dump(), **ours, **more})
