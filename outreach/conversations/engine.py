"""The dialog engine of this process, embedded or a Rasa server, holding the one plan policy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dialogs
from dialogs.turn import Proposal, Quote
from outreach.conversations import rasa
from outreach.money import policy
from outreach.settings import Settings

REPLIES = Path(__file__).parents[2] / "templates" / "replies"


def quote(proposal: Proposal, terms: Mapping[str, Any]) -> Quote:
    """The plan policy of portal and desk, in the dialog's words."""
    said = policy.quote(proposal, terms)
    return Quote(**{name: getattr(said, name) for name in Quote.__slots__})


def load(settings: Settings) -> Any:
    """Loads templates and the trained reader once; nothing is read from disk after it."""
    embedded = dialogs.load(REPLIES, quote=quote)
    if settings.dialog_engine == "rasa":
        return rasa.RasaDialog(settings.rasa_url, embedded)
    return embedded
