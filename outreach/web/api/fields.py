"""What requests may hold: text without control signs, whole cents, moments that can be. Everything is bounded."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

#: the money column holds more; no debt does
MOST_CENTS = 100_000_000_000
LARGEST_ID = 2**63 - 1


def clean(kept: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in kept for sign in text):
            raise ValueError("holds a control character or half a surrogate pair")
        return text

    return read


def _something(cents: int) -> int:
    if not cents:
        raise ValueError("is nothing")
    return cents


def _moment(value: datetime | date) -> datetime:
    """A day is noon UTC of it: the same day in every zone of the country."""
    if not 1990 <= value.year <= 2200:
        raise ValueError("lies outside 1990 to 2200")
    return value.astimezone(UTC) if isinstance(value, datetime) else datetime.combine(value, time(12), UTC)


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(clean(""))]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(clean("\n\r\t"))]
Reference = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(clean(""))
]
Cents = Annotated[int, Field(strict=True, ge=-MOST_CENTS, le=MOST_CENTS), AfterValidator(_something)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Moment = Annotated[AwareDatetime | date, AfterValidator(_moment)]
Search = Annotated[str, StringConstraints(max_length=200), AfterValidator(clean(""))]
AccountRef = Annotated[Reference, Path(description="your reference of the account", examples=["FMG-004471"])]
Number = Annotated[int, Path(ge=1, le=LARGEST_ID)]


class Body(BaseModel):
    """A request: a name nobody knows is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid")
