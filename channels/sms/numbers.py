"""Phone numbers: what may be written to us, and the one form we store (E.164)."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

REFUSED = {
    PhoneNumberType.PREMIUM_RATE: "is a premium-rate number",
    PhoneNumberType.SHARED_COST: "is a shared-cost number",
    PhoneNumberType.TOLL_FREE: "is a toll-free number, which nobody carries in a pocket",
    PhoneNumberType.PAGER: "is a pager",
    PhoneNumberType.UAN: "is a company number",
    PhoneNumberType.VOICEMAIL: "is a voicemail access number",
}


def normalize(address: str, *, region: str = "US") -> str:
    """E.164. `region` reads numbers written without a country code. Raises ValueError with one sentence."""
    shown = address.strip()[:40]
    try:
        number = phonenumbers.parse(address, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"{shown!r} is not a phone number.") from error
    if phonenumbers.is_possible_number(number) is False:
        raise ValueError(f"{shown!r} has too few or too many digits for a phone number.")
    if not phonenumbers.is_valid_number(number):
        raise ValueError(f"{shown!r} is not a number that exists in its numbering plan.")
    refusal = REFUSED.get(phonenumbers.number_type(number))
    if refusal:
        raise ValueError(f"{shown!r} {refusal}; give a number that can receive text messages.")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def tidy(address: str) -> str:
    """The sender as a provider names it: E.164 where it is a number, else as it came (short codes, names)."""
    try:
        return normalize(address)
    except ValueError:
        return address.strip()[:64]
