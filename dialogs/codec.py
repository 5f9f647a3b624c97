"""Values of turn.py <-> JSON, so that the same actions serve in-process and behind a Rasa server."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from dialogs import turn

T = TypeVar("T")
_KINDS: dict[str, type[turn.Outcome]] = {kind.__name__: kind for kind in turn.Outcome.__subclasses__()}


def dump(value: Any) -> Any:
    """Dataclasses, dates, sets and sequences as plain JSON values."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: dump(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): dump(v) for k, v in value.items()}
    if isinstance(value, AbstractSet):
        return sorted(value)
    return [dump(v) for v in value]


def load(kind: type[T], data: Mapping[str, Any]) -> T:
    """The dataclass again; unknown keys are ignored, so a newer sender does no harm."""
    makers = _makers(kind)  # type: ignore[arg-type]  # a class is hashable
    return kind(**{k: makers[k](v) for k, v in data.items() if k in makers})


def dump_outcome(outcome: turn.Outcome) -> dict[str, Any]:
    return {"kind": type(outcome).__name__, **dump(outcome)}


def load_outcome(data: Mapping[str, Any]) -> turn.Outcome:
    """Raises KeyError for a kind this version does not know."""
    return load(_KINDS[data["kind"]], data)


@cache
def _makers(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {f.name: _maker(hints[f.name]) for f in fields(kind)}


def _maker(hint: Any) -> Any:
    origin = typing.get_origin(hint)
    if origin in {types.UnionType, typing.Union}:
        inner = next(a for a in typing.get_args(hint) if a is not types.NoneType)
        make = _maker(inner)
        return lambda v: None if v is None else make(v)
    if hint is datetime:
        return lambda v: v if isinstance(v, datetime) else datetime.fromisoformat(v)
    if hint is date:
        return lambda v: v if isinstance(v, date) else date.fromisoformat(v)
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda v: load(hint, v)
    if origin is frozenset:
        return frozenset
    if origin is Sequence:
        make_item = _maker(typing.get_args(hint)[0])
        return lambda v: tuple(make_item(x) for x in v)
    return lambda v: v


def dump_turn(given: turn.Turn) -> dict[str, Any]:
    """A whole turn as JSON, outcomes with their kinds."""
    return {**dump(given), "outcomes": [dump_outcome(outcome) for outcome in given.outcomes]}


def load_turn(data: Mapping[str, Any]) -> turn.Turn:
    plain = load(turn.Turn, {**data, "outcomes": (), "said": ()})
    return replace(
        plain,
        said=tuple(load(turn.Say, said) for said in data["said"]),
        outcomes=tuple(load_outcome(outcome) for outcome in data["outcomes"]),
    )
