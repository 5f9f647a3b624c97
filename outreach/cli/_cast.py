"""Names, places and creditors of the invented portfolio. Nobody here exists; towns, ZIPs and area codes do."""

from __future__ import annotations

from typing import Any, NamedTuple


class Place(NamedTuple):
    city: str
    state: str
    zip: str
    area_codes: tuple[str, ...]
    #: how many of a thousand people live here
    share: int
    #: how many of a hundred prefer Spanish
    spanish: int = 5


PLACES = (
    Place("Columbus", "OH", "43215", ("614", "380"), 90),
    Place("Cleveland", "OH", "44101", ("216",), 60),
    Place("Chicago", "IL", "60601", ("312", "773"), 80, 20),
    Place("Philadelphia", "PA", "19103", ("215",), 50, 8),
    Place("Atlanta", "GA", "30303", ("404", "470"), 60, 6),
    Place("Miami", "FL", "33101", ("305", "786"), 80, 45),
    Place("Tampa", "FL", "33602", ("813",), 40, 15),
    Place("Pensacola", "FL", "32501", ("850",), 20),
    Place("Detroit", "MI", "48201", ("313",), 50),
    Place("Minneapolis", "MN", "55401", ("612",), 40),
    Place("New Orleans", "LA", "70112", ("504",), 40),
    Place("El Paso", "TX", "79901", ("915",), 60, 50),
    Place("Denver", "CO", "80202", ("303", "720"), 50, 12),
    Place("Salt Lake City", "UT", "84101", ("801", "385"), 30, 10),
    Place("Phoenix", "AZ", "85001", ("602",), 50, 25),
    Place("Boise", "ID", "83702", ("208",), 20),
    Place("Los Angeles", "CA", "90012", ("213", "323"), 60, 35),
    Place("San Diego", "CA", "92101", ("619",), 30, 25),
    Place("Seattle", "WA", "98101", ("206",), 30),
    Place("Honolulu", "HI", "96813", ("808",), 15),
    Place("San Juan", "PR", "00901", ("787",), 15, 80),
    # where state and city law adds to the federal rules
    Place("New York", "NY", "10001", ("212", "917"), 40, 15),
    Place("Brooklyn", "NY", "11201", ("718",), 30, 15),
    Place("Washington", "DC", "20001", ("202",), 30, 8),
    Place("Boston", "MA", "02108", ("617",), 30, 10),
)

FIRST_NAMES = {
    "en": [
        "Dana",
        "Marcus",
        "Priya",
        "Walter",
        "Denise",
        "Tyrone",
        "Ellen",
        "Grace",
        "Howard",
        "Kayla",
        "Leon",
        "Mona",
        "Nathan",
        "Olivia",
        "Paul",
        "Quinn",
        "Rosa",
        "Samuel",
        "Tessa",
        "Victor",
        "Wendy",
        "Amir",
        "Bridget",
        "Calvin",
        "Deborah",
        "Edwin",
        "Faith",
        "Gordon",
        "Hannah",
        "Isaac",
        "Joyce",
        "Kevin",
        "Lorraine",
        "Miles",
        "Nadia",
        "Owen",
    ],
    "es": [
        "María",
        "José",
        "Lucía",
        "Carlos",
        "Elena",
        "Miguel",
        "Sofía",
        "Javier",
        "Carmen",
        "Luis",
        "Ana",
        "Diego",
        "Rosario",
        "Manuel",
        "Teresa",
        "Andrés",
        "Pilar",
        "Raúl",
    ],
}
LAST_NAMES = {
    "en": [
        "Holloway",
        "Carter",
        "Nguyen",
        "Abbott",
        "Brennan",
        "Castle",
        "Dawson",
        "Eastman",
        "Fletcher",
        "Garner",
        "Hobbs",
        "Ingram",
        "Jarvis",
        "Keller",
        "Lambert",
        "Mercer",
        "Norwood",
        "Oakley",
        "Prentice",
        "Quigley",
        "Ramsey",
        "Sheffield",
        "Thorne",
        "Underwood",
        "Vance",
        "Whitaker",
        "Yates",
        "Zimmer",
        "Okafor",
        "Patel",
        "Kim",
        "O'Neil",
    ],
    "es": [
        "García",
        "Hernández",
        "López",
        "Martínez",
        "Rodríguez",
        "Peña",
        "Torres",
        "Ramírez",
        "Flores",
        "Castillo",
        "Núñez",
        "Ortega",
        "Salazar",
        "Vargas",
        "Muñoz",
    ],
}
STREETS = "Maple Oak Cedar Walnut Main Second Park Lake Hill Spring River Church Elm Chestnut Franklin".split()
MAILBOXES = ("mailbox.example", "inbox.example", "post.example")
EMPLOYERS = ("brightworks.example", "tri-county-schools.example", "harvestline.example")


class Terms(NamedTuple):
    """A creditor with what it agreed in writing."""

    name: str
    relationship: str
    debt_type: str
    #: how many of a thousand debts are theirs
    share: int
    #: why its debtors may be texted; empty: they may not (PROV-03)
    sms_reason: str
    original_creditor: str = ""
    min_monthly_cents: int = 5_000
    max_months: int = 24

    def payment_instructions(self) -> dict[str, Any]:
        """Where a debtor really pays: the creditor, never us."""
        site = "".join(sign for sign in self.name.lower() if sign.isalnum())
        return {
            "online": f"https://pay.{site}.example",
            "mail": f"{self.name}, Payments, PO Box 4400, Columbus, OH 43215",
            "phone": "+1 614 555 0144",
            "payable_to": self.name,
        }


CREDITORS = (
    Terms("Fairview Medical Group", "first_party", "medical", 300, "patients agreed at registration"),
    Terms("Northlake Bank", "third_party", "credit_card", 280, "cardholder agreement, section 14", "", 5_000, 36),
    Terms("Cascade Auto Finance", "third_party", "auto_loan", 150, "loan contract, page 6", "", 10_000, 48),
    Terms("Redwood Telecom", "third_party", "telecom", 150, "", "", 2_500, 12),
    Terms(
        "Summit Portfolio Partners",
        "debt_buyer",
        "credit_card",
        120,
        "purchase file with consent records",
        "Bluebird Card",
    ),
)

#: a name as it stands in a mailbox
ASCII = str.maketrans("áéíóúñü", "aeiounu", "'")
