"""Every flow and every legal duty as a conversation (stories.yaml)."""

from __future__ import annotations

import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

import dialogs
from dialogs import codec
from dialogs.turn import Turn
from tests.dialogs import cast
from tests.dialogs.world import BEGINNINGS, World

STORIES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "stories.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s["story"])
async def test_story(story: dict[str, Any], dialog: dialogs.Dialog) -> None:
    world = World(dialog, facts=cast.facts(**BEGINNINGS[story["begins"]]) if "begins" in story else cast.DANA)
    for step in story["turns"]:
        turn = await world.hear(
            step["hear"],
            medium=step.get("via", "sms"),
            hours=step.get("hours", 0),
            safety=frozenset(step.get("safety", ())),
        )
        _check(step, turn)


def _check(step: dict[str, Any], turn: Turn) -> None:
    context = f"{step['hear']!r}: {list(turn.intents)} {dict(turn.slots)} -> {[s.template for s in turn.said]} {turn.outcomes}"
    text = turn.said[0].text if turn.said else ""
    assert len(turn.said) <= 1, context
    if "says" in step:
        assert (turn.said[0].template if turn.said else None) == step["says"], context
    if "wants" in step:
        _check_outcomes(step["wants"], turn, context)
    for words in step.get("has", ()):
        assert words in text, f"{words!r} missing from {text!r}; {context}"
    body = text.partition(" This communication is from")[0].partition(" This is from a debt")[0]
    for words in step.get("lacks", ()):
        assert words.lower() not in body.lower(), f"{words!r} in {text!r}; {context}"


def _check_outcomes(wanted: list[str], turn: Turn, context: str) -> None:
    found = [
        codec.dump_outcome(o) | {"str": o} for o in turn.outcomes if type(o).__name__ != "SwitchesLanguage" or wanted
    ]
    if not wanted:
        assert not found, context
    for wish in wanted:
        kind, *pairs = _parts(wish)
        same = [o for o in found if o["kind"] == kind]
        assert any(all(_equal(getattr(o["str"], k), v) for k, v in pairs) for o in same), f"{wish}; {context}"


def _parts(wish: str) -> list[Any]:
    kind, _, rest = wish.partition(" ")
    pairs = []
    for piece in rest.split(" ") if rest else []:
        if "=" in piece:
            pairs.append(tuple(piece.split("=", 1)))
        else:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {piece}")
    return [kind, *pairs]


def _equal(value: object, wanted: str) -> bool:
    return fnmatch.fnmatchcase(str(value), wanted)
