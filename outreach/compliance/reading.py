"""Facts from and to plain JSON values, strictly: an unknown key or value is named, never passed over.

One shape serves decision cases, decision records and replay. `read(Facts, dump(facts)) == facts`.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec.structs import fields

from outreach.compliance.facts.base import Fact

T = TypeVar("T", bound=Fact)
Reader = Callable[[Any, str], Any]


class FactsError(ValueError):
    """A fact is missing, unknown or impossible; the message names it."""


def instant(value: Any, path: str) -> datetime:
    """An aware instant in UTC from ISO 8601 text with an offset. Raises `FactsError` naming `path`."""
    if not isinstance(value, datetime):
        if not isinstance(value, str):
            raise FactsError(f"{path}: {value!r} is not an instant")
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise FactsError(f"{path}: {value!r} is not an instant") from error
    assert isinstance(value, datetime)
    if value.tzinfo is None:
        raise FactsError(f"{path}: the instant {value.isoformat()} has no offset; write it in UTC with Z")
    return value.astimezone(UTC)


def _day(value: Any, path: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise FactsError(f"{path}: {value!r} is not a date") from error


def _amount(value: Any, path: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise FactsError(f"{path}: {value!r} is not a number")
    amount = Decimal(str(value))
    if not amount.is_finite():
        raise FactsError(f"{path}: {value!r} is not an amount")
    return amount


def _plain(kind: type) -> Reader:
    def read_plain(value: Any, path: str) -> Any:
        if type(value) is not kind:
            raise FactsError(f"{path}: {value!r} is not {'text' if kind is str else kind.__name__}")
        return value

    return read_plain


def _choice(allowed: Sequence[Any]) -> Reader:
    def read_choice(value: Any, path: str) -> Any:
        if type(value) not in {type(word) for word in allowed} or value not in allowed:
            raise FactsError(f"{path}: {value!r} is not one of {', '.join(map(str, allowed))}")
        return value

    return read_choice


def _list(inner: Reader) -> Reader:
    def read_list(value: Any, path: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise FactsError(f"{path}: {value!r} is not a list")
        return tuple(inner(item, f"{path}[{index}]") for index, item in enumerate(value))

    return read_list


def _either(options: Sequence[Any]) -> Reader:
    readers = [_reader(option) for option in options if option is not types.NoneType]

    def read_either(value: Any, path: str) -> Any:
        if value is None and types.NoneType in options:
            return None
        for reader in readers[:-1]:
            try:
                return reader(value, path)
            except FactsError:
                continue
        return readers[-1](value, path)

    return read_either


@cache
def _record(kind: type) -> Reader:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    keys = {name.rstrip("_"): name for name in readers}
    silent = {f.name for f in fields(kind) if not f.required and types.NoneType not in get_args(hints[f.name])}
    required = [field.name for field in fields(kind) if field.required]

    def read_record(value: Any, path: str) -> Any:
        if not isinstance(value, Mapping):
            raise FactsError(f"{path or 'given'}: {value!r} is not a map")
        prefix = f"{path}." if path else ""
        for key in value:
            if key not in keys:
                raise FactsError(f"{prefix}{key}: no such key")
        for name in required:
            if name.rstrip("_") not in value:
                raise FactsError(f"{prefix}{name.rstrip('_')}: is missing")
        stated = {keys[key]: (item, prefix + key) for key, item in value.items()}
        return kind(
            **{
                name: readers[name](item, where)
                for name, (item, where) in stated.items()
                if item is not None or name not in silent  # null says no more than silence
            }
        )

    return read_record


def _reader(hint: Any) -> Reader:
    origin = get_origin(hint)
    if origin is Literal:
        return _choice(get_args(hint))
    if origin is tuple:
        return _list(_reader(get_args(hint)[0]))
    if origin in (Union, types.UnionType):
        return _either(get_args(hint))
    if isinstance(hint, type) and issubclass(hint, Fact):
        return _record(hint)
    special: dict[Any, Reader] = {datetime: instant, date: _day, Decimal: _amount}
    return special.get(hint) or _plain(hint)


def read(kind: type[T], value: Mapping[str, Any]) -> T:
    """A fact of the kind. Raises `FactsError` naming the first key or value that is wrong."""
    result: T = _record(kind)(value, "")
    return result


#: What two writers of JSON may escape in two ways.
_ESCAPED = re.compile(r"[^ -\[\]-~]")
_ENCODER = msgspec.json.Encoder(order="sorted", decimal_format="number")


def text(facts: Fact) -> str:
    """Canonical JSON, as its hash is taken: keys in order, no spaces, ASCII only; most fields at their default left out."""
    written = _ENCODER.encode(facts).decode()
    if _ESCAPED.search(written):
        return json.dumps(json.loads(written), sort_keys=True, separators=(",", ":"))
    return written


def dump(facts: Fact) -> dict[str, Any]:
    """Plain JSON values."""
    plain: dict[str, Any] = msgspec.json.decode(_ENCODER.encode(facts))
    return plain
