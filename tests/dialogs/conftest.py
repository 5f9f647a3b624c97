from __future__ import annotations

from pathlib import Path

import pytest

import dialogs
from tests.dialogs import cast

REPLIES = Path(__file__).parents[2] / "templates" / "replies"


@pytest.fixture(scope="session")
def dialog() -> dialogs.Dialog:
    return dialogs.load(REPLIES, quote=cast.quote)
