"""Every zone a person may be in, and every state whose law protects them (CV-02)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from outreach.compliance import days, geo
from outreach.compliance.facts import Address, Facts, Phone, StatedLocation

NOBODY_ELSE = frozenset({"consumer", "self", "obligor", "debtor", "spouse", "parent", "guardian"})
WORK = ("work", "employer", "office", "job")
GB = frozenset({"Europe/London"})
NYC_PREFIXES = ("100", "101", "102", "103", "104", "111", "112", "113", "114", "116")
NYC_ZIPS = frozenset({"11001", "11004", "11005"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """Zones the indications name together, and the indications nobody could place."""

    zones: frozenset[str]
    unplaced: tuple[str, ...]


def is_work(phone: Phone) -> bool:
    """Whether a number is the consumer's at a place of employment."""
    return any(word in (phone.owner or "").lower() for word in WORK)


def is_consumers(phone: Phone) -> bool:
    """Whether a number is, as far as known, the consumer's own."""
    if phone.status != "current":
        return False
    return phone.owner is None or phone.owner.lower() in NOBODY_ELSE or is_work(phone)


def is_reported(phone: Phone, at: datetime) -> bool:
    """Whether somebody had said by then that the number reaches another person."""
    report = phone.third_party_disclosure_reported
    return report is not None and (report.at is None or report.at <= at)


def _is_anothers(phone: Phone, at: datetime) -> bool:
    check = phone.sms_basis.reassigned_check if phone.sms_basis else None
    reassigned = check is not None and check.result == "reassigned" and (check.at is None or check.at <= at)
    return reassigned or is_reported(phone, at)


def stated(facts: Facts, at: datetime) -> StatedLocation | None:
    """The location the consumer stated, while it lasts."""
    place = facts.consumer.stated_location
    if place is None or place.told_collector_at > at:
        return None
    today = days.local(at, place.tz).date()
    return None if place.until is not None and today > place.until else place


def evidence(facts: Facts) -> Evidence:
    """All current addresses and numbers together, but for numbers known by now to be another person's."""
    zones: set[str] = set()
    unplaced: list[str] = []
    for address in facts.consumer.addresses:
        if address.status == "current":
            if (found := _zones_of_address(address)) is None:
                unplaced.append(f"address {address.zip or address.state}")
            else:
                zones |= found
    for phone in facts.phones:
        if is_consumers(phone) and not _is_anothers(phone, facts.message.at):
            if (found := _zones_of_phone(phone)) is None:
                unplaced.append(f"number {phone.id}")
            else:
                zones |= found
    if not zones and facts.jurisdiction == "UK":
        zones.update(GB)
    return Evidence(frozenset(zones), tuple(unplaced))


def _zones_of_address(address: Address) -> frozenset[str] | None:
    if address.country == "GB":
        return GB
    place = geo.place_of_zip(address.zip) if address.zip else None
    if place is not None and address.state and address.state.upper() != place.state:
        return place.zones | (geo.zones_of_state(address.state) or frozenset())  # at odds: the person may be in either
    if place is not None:
        return place.zones
    if address.state:
        return geo.zones_of_state(address.state)
    return None if address.zip else frozenset()


def _zones_of_phone(phone: Phone) -> frozenset[str] | None:
    if phone.e164.startswith("+44"):
        return GB
    code = phone.area_code or (phone.e164[2:5] if phone.e164.startswith("+1") else None)
    return geo.zones_of_area_code(code) if code else frozenset()


def states(addresses: tuple[Address, ...]) -> frozenset[str]:
    """Two-letter states of current residence; ZIP and state both count when they disagree."""
    found: set[str] = set()
    for address in addresses:
        if address.status == "current" and address.country == "US":
            place = geo.place_of_zip(address.zip) if address.zip else None
            found.update(filter(None, (address.state and address.state.upper(), place and place.state)))
    return frozenset(found)


def in_new_york_city(addresses: tuple[Address, ...]) -> bool:
    return any(_is_nyc(address.zip) for address in addresses if address.status == "current" and address.zip)


def _is_nyc(code: str) -> bool:
    return code.startswith(NYC_PREFIXES) or code[:5] in NYC_ZIPS


def describe(zones: Iterable[str]) -> str:
    return ", ".join(sorted(zones))
