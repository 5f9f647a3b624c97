"""The safety reader."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Reading(NamedTuple):
    """Labels of the dialog specification, section 3, and the media the words close altogether."""

    labels: frozenset[str]
    closes: frozenset[str] = frozenset()


@lru_cache(maxsize=65536)
def reading(text: str, *, medium: str = "sms") -> Reading:
    low = text.lower().strip()
    if re.search(r"stop calling", low):
        return Reading(frozenset({"channel_preference"}), frozenset({"voice"}))
    if re.fullmatch(r"\W*(stop|stopall|unsubscribe|cancel|end|quit|revoke|opt ?out|alto|parar|basta|baja)\W*", low):
        return Reading(frozenset({"opt_out"}))
    if re.fullmatch(r"\W*(start|unstop)\W*", low):
        return Reading(frozenset({"opt_in"}))
    return Reading(frozenset())


def read(text: str, *, medium: str = "sms") -> frozenset[str]:
    return reading(text, medium=medium).labels
