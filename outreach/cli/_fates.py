"""What happened to some of the invented people before we met them. Each fate is dealt to a share of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from outreach.cli._cast import ASCII, EMPLOYERS, PLACES

if TYPE_CHECKING:
    from outreach.cli._portfolio import Maker, Row

#: holds on one debt rather than on the person
ABOUT_A_DEBT = frozenset({"dispute", "bankruptcy", "identity_theft"})


def _held(reason: str, words: str) -> Callable[[Maker, Row], None]:
    return lambda maker, person: maker.note(person, reason, words)


def _minor(maker: Maker, person: Row) -> None:
    person["date_of_birth"] = (maker.now - timedelta(days=16 * 365)).date().isoformat()
    maker.note(person, "minor", "born 16 years ago according to the creditor")


def _at_work(maker: Maker, person: Row) -> None:
    name = f"{person['first_name']}.{person['last_name']}".lower().translate(ASCII)
    at = maker.ago(10, 200).isoformat()
    person |= {
        "email": f"{name}@{maker.rng.choice(EMPLOYERS)}",
        "email_basis": "consumer_used",
        "email_basis_at": at,
        "email_employer_provided": "true",
    }


def _resident(place: str, facts: Callable[[Maker], dict[str, Any]]) -> Callable[[Maker, Row], None]:
    """Someone who lives where local law asks for consent, and gave it."""
    where = next(p for p in PLACES if p.city == place)

    def settle(maker: Maker, person: Row) -> None:
        person |= {"city": where.city, "state": where.state, "zip": where.zip}
        maker.law_facts[person["debtor_ref"]] = facts(maker)

    return settle


def _old(maker: Maker, person: Row) -> None:
    born = maker.now - timedelta(days=maker.rng.randint(40 * 366, 75 * 365))
    person |= {"_old": "1", "date_of_birth": born.date().isoformat()}


def _mark(name: str) -> Callable[[Maker, Row], None]:
    return lambda _, person: person.update({name: "1"})


#: fate -> (people in a thousand, what it does)
FATES: dict[str, tuple[int, Callable[[Maker, Row], None]]] = {
    "cease": (12, _held("cease", "Do not contact me again. Sent by mail.")),
    "attorney": (12, _held("attorney", "Represented by J. Alder, Alder & Finch LLP")),
    "bankruptcy": (12, _held("bankruptcy", "Chapter 7, filed in the district court")),
    "deceased": (8, _held("deceased", "Obituary sent by the family")),
    "dispute": (15, _held("dispute", "I never had this account.")),
    "identity theft": (5, _held("identity_theft", "Police report attached")),
    "servicemember": (4, _held("servicemember", "On active duty")),
    "hardship": (8, _held("hardship", "Lost my job last month")),
    "minor": (5, _minor),
    "stop": (25, _held("stop", "STOP")),
    "employer mailbox": (20, _at_work),
    "time-barred": (50, _old),
    "never contacted": (40, _mark("_new")),
    "inside the validation period": (40, _mark("_noticed")),
    "New York City with consent": (
        10,
        _resident("New York", lambda maker: {"nyc": {"electronic_consent_at": maker.ago(20, 90).isoformat()}}),
    ),
    "District of Columbia with consent": (
        10,
        _resident(
            "Washington",
            lambda maker: {
                "dc": {
                    "written_notice_mailed_at": maker.ago(60, 90).isoformat(),
                    "express_consent_at": maker.ago(10, 50).isoformat(),
                }
            },
        ),
    ),
    "stated zone": (30, lambda _, person: person.update({"timezone": "America/Denver"})),
}
