"""Email through an SMTP relay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from channels.contract import (
    Clock,
    FailureClass,
    Hook,
    Inbound,
    Medium,
    Outgoing,
    Receipt,
    Refused,
    Sent,
    utc_now,
)
from channels.email import addresses, dkim, hooks, mime, relay


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    smtp: relay.Address
    sender: mime.Sender
    bounce_domain: str = ""  #: "" = bounces go to the sender's address and cannot be attributed
    secret: str = ""  #: signs bounce addresses
    signer: dkim.Signer | None = None  #: None: the relay signs, or nobody
    production: bool = False  #: refuse role addresses and the domains reserved for examples

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Settings | None:
        if not values.get("smtp_url"):
            return None
        if not values.get("mail_from"):
            raise ValueError("Email needs OUTREACH_MAIL_FROM as well, such as Name <mail@your.domain>.")
        sender = mime.Sender.parse(values["mail_from"], domain=values.get("mail_domain") or "")
        addresses.normalize(sender.address)
        return cls(
            smtp=relay.Address.parse(values["smtp_url"]),
            sender=sender,
            bounce_domain=values.get("bounce_domain") or sender.domain,
            secret=values.get("secret_key") or "",
            signer=_signer(values, sender),
            production=values.get("production") in {"1", "true", "yes"},
        )

    @staticmethod
    def rate(values: Mapping[str, str]) -> float:
        """Mails a second."""
        return float(values.get("email_per_second") or 50)


class Adapter:
    name = "email"
    label = "Email"
    medium = Medium.EMAIL

    def __init__(self, settings: Settings, *, clock: Clock = utc_now) -> None:
        self.settings = settings
        self._clock = clock
        self._relay = relay.Relay(settings.smtp, hostname=settings.sender.domain)
        #: transactions at once; more would only wait for a connection
        self.concurrency = settings.smtp.connections

    def normalize(self, address: str) -> str:
        return addresses.normalize(address, production=self.settings.production)

    @staticmethod
    def scope_of(address: str) -> str:
        """The domain: whose mail system may be busy for all its people."""
        return address.rpartition("@")[2].lower()

    @staticmethod
    def units(text: str) -> int:
        return 1

    async def send(self, message: Outgoing) -> Sent:
        """One transaction with one recipient. The provider id is our Message-ID, the same for every attempt."""
        now = self._clock()
        if message.expires_at is not None and message.expires_at <= now:
            raise Refused("The time window for this mail is over.", failure=FailureClass.NOT_SENT)
        if len(message.html) > mime.LARGEST_HTML:
            raise Refused("The HTML of this mail is over 100 kB.", failure=FailureClass.CONTENT)
        try:
            mail = mime.build(message, sender=self.settings.sender, date=now)
        except (ValueError, UnicodeError) as error:
            raise Refused(str(error), failure=FailureClass.BUG) from error
        if self.settings.signer:
            mail = self.settings.signer.sign(mail, at=now)
        said = await self._relay.hand_over(
            sender=self._envelope(message), to=message.to, mail=mail, may_start=message.may_start
        )
        return Sent(provider_id=mime.message_id(message, domain=self.settings.sender.domain), raw={"reply": said})

    def verify(self, hook: Hook) -> None:
        hooks.verify(hook)

    def parse(self, hook: Hook) -> Sequence[Receipt | Inbound]:
        return hooks.parse(hook, secret=self.settings.secret)

    async def aclose(self) -> None:
        await self._relay.aclose()

    def _envelope(self, message: Outgoing) -> str:
        """VERP where we can sign it: a bounce then names the attempt, and nobody else can invent one."""
        if message.envelope_from or not self.settings.secret:
            return message.envelope_from or self.settings.sender.address
        return addresses.bounce_address(
            secret=self.settings.secret,
            message_id=message.message_id,
            attempt=message.attempt,
            domain=self.settings.bounce_domain,
        )


def _signer(values: Mapping[str, str], sender: mime.Sender) -> dkim.Signer | None:
    if not values.get("dkim_key_file"):
        return None
    if not values.get("dkim_selector"):
        raise ValueError("DKIM needs OUTREACH_DKIM_SELECTOR beside OUTREACH_DKIM_KEY_FILE.")
    domain = sender.address.rpartition("@")[2]
    return dkim.Signer.load(Path(values["dkim_key_file"]), domain=domain, selector=values["dkim_selector"])
