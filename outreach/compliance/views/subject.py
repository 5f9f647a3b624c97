"""What the message is about and which number or mailbox it goes to."""

from __future__ import annotations

import re

from outreach.compliance.facts import Debt, Email, EmailBasis, Phone, SmsBasis
from outreach.compliance.lazy import lazy
from outreach.compliance.reading import FactsError
from outreach.compliance.views.view import View

#: Kinds the law itself asks for, or that carry out what the consumer asked.
REQUIRED_KINDS = frozenset({"validation_notice", "verification", "duplicative_dispute_notice"})
#: Kinds that ask for money whatever they say.
_NO_DIGIT = re.compile(r"\D")
DEMANDING_KINDS = frozenset({"campaign", "consent_request", "voicemail", "cease_exception_specified_remedy"})


def _digits(number: str) -> str:
    return _NO_DIGIT.sub("", number)


def _mailbox(address: str) -> str:
    return address.strip().casefold()


class Subject(View):
    """The same at any instant. Raises `FactsError` where the facts name something they do not hold."""

    @lazy
    def debts(self) -> list[Debt]:
        """The debts the message is about."""
        known = {debt.id: debt for debt in self.facts.debts}
        if unknown := [name for name in self.debt_ids if name not in known]:
            raise FactsError(f"message.debts: {unknown[0]} is not among debts")
        return [known[name] for name in self.debt_ids]

    def concerns(self, debts: tuple[str, ...]) -> bool:
        """Whether a record about these debts concerns the message; a record that names none concerns all."""
        return not debts or any(name in self.debt_ids for name in debts)

    @lazy
    def phone(self) -> Phone | None:
        for phone in self.facts.phones:
            if phone.id == self.message.to:
                return phone
        return None

    @lazy
    def email(self) -> Email | None:
        for email in self.facts.emails:
            if email.id == self.message.to:
                return email
        return None

    @lazy
    def numbers_there(self) -> list[Phone]:
        """The phone the message goes to, and others recorded with the same number."""
        if (phone := self.phone) is None:
            return []
        number = _digits(phone.e164) if len(self.facts.phones) > 1 else ""
        return [p for p in self.facts.phones if p.id == phone.id or (number and _digits(p.e164) == number)]

    @lazy
    def mailboxes_there(self) -> list[Email]:
        """The mailbox the message goes to, and others recorded with the same address."""
        if (email := self.email) is None:
            return []
        mailbox = _mailbox(email.address) if len(self.facts.emails) > 1 else ""
        return [e for e in self.facts.emails if e.id == email.id or (mailbox and _mailbox(e.address) == mailbox)]

    @lazy
    def endpoint(self) -> frozenset[str]:
        """Every id under which the number or mailbox the message goes to stands in the facts (OPT-02: by endpoint)."""
        to = [self.message.to] if self.message.to else []
        return frozenset([*to, *[p.id for p in self.numbers_there], *[e.id for e in self.mailboxes_there]])

    def is_here(self, address: str | None) -> bool:
        """Whether an entry's address is where the message goes; one that names none may be."""
        return address is None or address in self.endpoint

    @lazy
    def basis(self) -> SmsBasis | EmailBasis | None:
        """What allows texts or emails to the address, as recorded."""
        if self.channel == "sms":
            return self.phone.sms_basis if self.phone else None
        return self.email.email_basis if self.channel == "email" and self.email else None

    @lazy
    def informs(self) -> bool:
        """Whether the message conveys information about a debt (1006.2(d)) and so needs the 18(e) statement."""
        content = self.content
        if self.kind == "voicemail" and content.limited_content:
            return bool(content.conveys_debt_information or content.mentions)
        return content.conveys_debt_information is not False

    @lazy
    def demands(self) -> bool:
        """Whether the message asks for money: every unprompted one about a debt does, a reply only when it says so."""
        if self.kind == "reply":
            return self.content.amount_demanded is not None or self.content.extra == "payment_link"
        return self.kind in DEMANDING_KINDS
