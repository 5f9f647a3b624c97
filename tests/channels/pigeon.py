"""A channel nobody knew of before its folder was there: what `test_every_channel` lays into a copy of `channels/`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from channels.contract import Clock, Hook, Inbound, Medium, Outgoing, Receipt, ReceiptState, Sent, utc_now


@dataclass(frozen=True)
class Settings:
    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Settings | None:
        return cls()

    @staticmethod
    def rate(values: Mapping[str, str]) -> float:
        return 7.0


class Adapter:
    name = "pigeon"
    label = "Carrier pigeon"
    medium = Medium.SMS

    def __init__(self, settings: Settings, *, clock: Clock = utc_now) -> None:
        self.flown: list[Outgoing] = []

    def normalize(self, address: str) -> str:
        return address

    async def send(self, message: Outgoing) -> Sent:
        assert await message.may_start()
        self.flown.append(message)
        return Sent(provider_id=f"pigeon-{message.message_id}")

    @staticmethod
    def units(text: str) -> int:
        return 3

    def verify(self, hook: Hook) -> None:
        """Whoever brings a pigeon is believed."""

    def parse(self, hook: Hook) -> Sequence[Receipt | Inbound]:
        sid = hook.body.decode()
        return [Receipt(provider_id=sid, state=ReceiptState.DELIVERED, event_key=f"{sid}:landed")]

    async def aclose(self) -> None:
        """Pigeons come home by themselves."""
