"""Facts from and to plain JSON values, strictly: an unknown key or value is named, never passed over.

One shape serves decision cases, decision records and replay. `read(Facts, dump(facts)) == facts`.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
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
    silent = {
        f.name for f in fields(kind) if f.default is not MISSING and types.NoneType not in get_args(hints[f.name])
    }
    required = [field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING]

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
    if is_dataclass(hint) and isinstance(hint, type):
        return _record(hint)
    special: dict[Any, Reader] = {datetime: instant, date: _day, Decimal: _amount}
    return special.get(hint) or _plain(hint)


def read(kind: type[T], value: Mapping[str, Any]) -> T:
    """An instance of the dataclass `kind`. Raises `FactsError` naming the first key or value that is wrong."""
    result: T = _record(kind)(value, "")  # type: ignore[arg-type]
    return result


_AS_IT_IS = frozenset({str, int, bool, float, type(None)})


def dump(value: Any) -> Any:
    """Plain JSON values; fields at their default are left out."""
    kind = type(value)
    return value if kind in _AS_IT_IS else _writer(kind)(value)  # type: ignore[arg-type]


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:
    """How values of a type are written, found once a type: a campaign writes millions."""
    if is_dataclass(kind):
        return _record_writer(kind)
    if issubclass(kind, tuple):
        return lambda value: [dump(item) for item in value]
    if issubclass(kind, datetime):
        return lambda value: value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if issubclass(kind, date):
        return date.isoformat
    return float if issubclass(kind, Decimal) else lambda value: value


def _record_writer(kind: Any) -> Callable[[Any], Any]:
    known = [(field.name.rstrip("_"), field.default) for field in fields(kind)]
    names = [field.name for field in fields(kind)]
    pick = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)

    def write_record(value: Any) -> dict[str, Any]:
        return {
            written: item if type(item) in _AS_IT_IS else dump(item)
            for (written, default), item in zip(known, pick(value), strict=True)
            if item is not default and item != default
        }

    return write_record
