"""The portal's own chat. There is no provider: the application stores what is said and shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from channels.contract import Clock, Forged, Hook, Inbound, Medium, Outgoing, Receipt, Sent, utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Always on: the portal is part of the service."""

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Settings | None:
        return cls()


class Adapter:
    name = "web"
    label = "Portal chat"
    medium = Medium.WEB

    def __init__(self, settings: Settings, *, clock: Clock = utc_now) -> None:
        self.settings = settings

    def normalize(self, address: str) -> str:
        """The address is whatever the application names a person's chat by."""
        if not address.strip():
            raise ValueError("A portal chat needs the person's reference.")
        return address.strip()

    async def send(self, message: Outgoing) -> Sent:
        """Accepted at once: stored is shown."""
        return Sent(provider_id=f"web-{message.message_id}")

    @staticmethod
    def units(text: str) -> int:
        return 1

    def verify(self, hook: Hook) -> None:
        """No provider ever calls: whoever does is not one."""
        raise Forged("The portal's chat has no webhook.")

    def parse(self, hook: Hook) -> Sequence[Receipt | Inbound]:
        return ()

    async def aclose(self) -> None:
        """Nothing is open."""
