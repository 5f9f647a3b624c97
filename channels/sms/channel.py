"""Text messages through Twilio's Programmable Messaging."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from channels.contract import (
    Clock,
    FailureClass,
    Hook,
    Inbound,
    Medium,
    Misconfigured,
    Outgoing,
    Receipt,
    Refused,
    SendError,
    Sent,
    Unsure,
    utc_now,
)
from channels.sms import asking, codes, hooks, numbers, segments
from channels.sms.http import MAY_START, HttpClient

#: Twilio's own limit of a message's time in its queue, and its default when none is given
LONGEST_VALIDITY = timedelta(hours=10)
#: with less time than this the message would arrive after its window
SHORTEST_VALIDITY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    account_sid: str
    auth_token: str
    messaging_service_sid: str
    auth_token_next: str = ""  #: accepted beside the current one while the token is being changed
    base_url: str = ""  #: "" = Twilio's own; else another server speaking its API, such as the local carrier
    public_url: str = ""  #: where Twilio reaches us
    connections: int = 256
    discard_content: bool = False  #: ask Twilio to keep no text and no full number (ContentRetention, AddressRetention)

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Settings | None:
        given = {
            name: values.get(f"twilio_{name}") or "" for name in ("account_sid", "auth_token", "messaging_service_sid")
        }
        if not any(given.values()):
            return None
        if missing := [name for name, value in given.items() if not value]:
            raise ValueError(f"Text messages need OUTREACH_TWILIO_{missing[0].upper()} as well.")
        return cls(
            account_sid=given["account_sid"],
            auth_token=given["auth_token"],
            messaging_service_sid=given["messaging_service_sid"],
            auth_token_next=values.get("twilio_auth_token_next") or "",
            base_url=values.get("twilio_base_url") or "",
            public_url=(values.get("public_url") or "").rstrip("/"),
        )

    @staticmethod
    def rate(values: Mapping[str, str]) -> float:
        """Segments a second."""
        return float(values.get("sms_segments_per_second") or 10)


class Adapter:
    name = "sms"
    label = "Text message"
    medium = Medium.SMS

    def __init__(self, settings: Settings, *, clock: Clock = utc_now) -> None:
        self.settings = settings
        self._clock = clock
        self.concurrency = settings.connections
        self._http = HttpClient(base_url=settings.base_url, connections=settings.connections)
        self._twilio = Client(settings.account_sid, settings.auth_token, http_client=self._http)
        self._messages = self._twilio.messages  # the SDK imports most of itself here: not while a permission runs out

    def normalize(self, address: str) -> str:
        return numbers.normalize(address)

    @staticmethod
    def units(text: str) -> int:
        return segments.count(text).segments

    async def send(self, message: Outgoing) -> Sent:
        """One POST, whatever happens. Anything but a clear yes or no is `Unsure`."""
        request = self._request(message, validity=_validity(message.expires_at, now=self._clock()))
        asking = MAY_START.set(message.may_start)
        try:
            created = await self._messages.create_async(**request)
        except SendError:
            raise
        except TwilioException as error:
            raise _refusal(error) from error
        # the SDK read a 2xx that is no JSON, or JSON that is no message
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise Unsure("Twilio said yes in words nobody can read.", code="201") from error
        finally:
            MAY_START.reset(asking)
        if not isinstance(created.sid, str) or not created.sid:
            raise Unsure("Twilio said yes without naming the message.", code="201")
        return Sent(provider_id=created.sid, segments=self.units(message.text), raw={"status": str(created.status)})

    def verify(self, hook: Hook) -> None:
        hooks.verify(hook, tokens=(self.settings.auth_token, self.settings.auth_token_next))

    def parse(self, hook: Hook) -> Sequence[Receipt | Inbound]:
        return hooks.parse(hook)

    async def lookup(
        self,
        *,
        message_id: UUID,
        to: str,
        since: datetime,
        body: str,
        until: datetime | None = None,
        known: Collection[str] = (),
    ) -> Receipt | None:
        return await asking.lookup(
            self._twilio, message_id=message_id, to=to, since=since, body=body, until=until or since, known=known
        )

    async def fetch(self, provider_id: str) -> Receipt | None:
        return await asking.fetch(self._twilio, provider_id)

    async def inbound_since(self, since: datetime) -> Sequence[Inbound]:
        return await asking.inbound_since(self._twilio, since)

    async def fetch_media(self, url: str) -> bytes:
        return await self._http.media(url, account=(self.settings.account_sid, self.settings.auth_token))

    async def aclose(self) -> None:
        await self._http.close()

    def _request(self, message: Outgoing, *, validity: int) -> dict[str, Any]:
        request: dict[str, Any] = {
            "to": message.to,
            "messaging_service_sid": self.settings.messaging_service_sid,
            "body": message.text,
            "validity_period": validity,
        }
        if callback := message.callback_url or self._callback(message):
            request["status_callback"] = callback
        if self.settings.discard_content:
            request |= {"content_retention": "discard", "address_retention": "obfuscate"}
        return request

    def _callback(self, message: Outgoing) -> str:
        """Carries our ids, so a callback resolves an attempt whose SID we never saw."""
        if not self.settings.public_url:
            return ""
        query = urlencode({"message": str(message.message_id), "attempt": message.attempt})
        return f"{self.settings.public_url}/hooks/sms?{query}"


def _validity(expires_at: datetime | None, *, now: datetime) -> int:
    """Seconds Twilio may hold the message. Without it a text queued at 20:55 arrives at 03:00."""
    left = LONGEST_VALIDITY if expires_at is None else expires_at - now
    if left < SHORTEST_VALIDITY:
        raise Refused("Too little of the time window is left to send this.", failure=FailureClass.NOT_SENT)
    return int(min(left, LONGEST_VALIDITY).total_seconds())


def _refusal(error: TwilioException) -> SendError:
    """HTTP status first, Twilio's code second: codes are added over time."""
    status, code = getattr(error, "status", 0), getattr(error, "code", None)
    said = str(getattr(error, "msg", "") or getattr(error, "title", ""))[:300]
    if not isinstance(status, int) or not 400 <= status < 500 or status == 408:
        return Unsure(f"Twilio answered {status}; the message may have left.", code=str(status))
    if isinstance(code, int) and code != status:
        return codes.refusal(code, said=said)
    if status in {401, 403, 404}:
        return Misconfigured("Twilio does not accept the account's SID and token.", code=str(status))
    return Refused(said or "Twilio refused the request.", failure=FailureClass.BUG, code=str(status))
