"""The shortest way through each subject."""

from __future__ import annotations

from pathlib import Path

import pytest

import dialogs
from dialogs.turn import OptsOut, Turn, WantsPlan
from tests.dialogs import cast

REPLIES = Path(__file__).parents[2] / "templates" / "replies"


@pytest.fixture(scope="module")
def dialog() -> dialogs.Dialog:
    return dialogs.load(REPLIES, quote=cast.quote)


async def _talk(dialog: dialogs.Dialog, *said: str) -> list[Turn]:
    turns: list[Turn] = []
    for text in said:
        turns.append(await dialog.take_turn(turns[-1].memory if turns else {}, cast.heard(text), cast.DANA))
    return turns


async def test_a_stop_is_confirmed_once_and_says_nothing_else(dialog: dialogs.Dialog) -> None:
    (turn,) = await _talk(dialog, "quit txtn me")
    assert turn.outcomes == (OptsOut(medium="sms"),)
    assert [s.template for s in turn.said] == ["opt_out_done"]


async def test_a_plan_is_agreed_only_after_the_summary_and_a_yes(dialog: dialogs.Dialog) -> None:
    turns = await _talk(dialog, "can i do 60 a month", "the 1st", "yes")
    statuses = [o.status for t in turns for o in t.outcomes if isinstance(o, WantsPlan)]
    assert statuses == ["collecting", "proposed", "agreed"]
