"""Twilio's REST API for messages: create, list, fetch. Checks what Twilio checks and answers in its words."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from aiohttp import web

from channels.carrier import delivery
from channels.carrier.faults import Fault, Rule
from channels.carrier.network import Network
from channels.carrier.texts import API_VERSION, Text

E164 = re.compile(r"\+[1-9]\d{7,14}")
LONGEST_BODY = 1600
#: code -> (HTTP status, Twilio's sentence)
REFUSALS = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    21211: (400, "The 'To' number is not a valid phone number."),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number or 'MessagingServiceSid' is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number provided is not a valid message-capable Twilio phone number."),
    21609: (400, "The StatusCallback URL is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit."),
    21624: (400, "ValidityPeriod must be between 1 and 36000."),
    21701: (404, "The Messaging Service does not exist."),
}


class Rest:
    def __init__(self, network: Network) -> None:
        self._network = network

    def routes(self) -> list[web.RouteDef]:
        base = f"/{API_VERSION}/Accounts/{{account}}/Messages"
        return [
            web.post(f"{base}.json", self.create),
            web.get(f"{base}.json", self.list),
            web.get(f"{base}/{{sid}}.json", self.fetch),
        ]

    async def create(self, request: web.Request) -> web.StreamResponse:
        started_at = datetime.now(UTC)
        fields = dict(parse_qsl((await request.read()).decode("utf-8", "replace"), keep_blank_values=True))
        code = self._unauthorized(request) or self._invalid(fields)
        rule, latency = self._network.dice.roll("sms", key=_key(fields), to=fields.get("To", ""))
        with self._network.judging():
            await asyncio.sleep(latency)
        if code:
            return self._refuse(started_at, fields, code)
        if rule and (answer := await self._before(request, rule, started_at, fields)) is not None:
            return answer
        text = self._accept(started_at, fields, rule)
        return await self._after(request, rule, text)

    async def list(self, request: web.Request) -> web.Response:
        if code := self._unauthorized(request):
            return _error(code)
        asked = request.query
        found = [
            t for t in self._network.texts.find(to=asked.get("To", ""), sender=asked.get("From", "")) if _on(t, asked)
        ]
        size, page = min(int(asked.get("PageSize", 50)), 1000), int(asked.get("Page", 0))
        following = None
        if len(found) > (page + 1) * size:
            following = f"{request.path}?{urlencode({**asked, 'Page': page + 1, 'PageSize': size})}"
        messages = [t.resource() for t in found[page * size : (page + 1) * size]]
        listed = {"messages": messages, "page": page, "page_size": size, "uri": request.path_qs}
        return web.json_response(listed | {"next_page_uri": following, "first_page_uri": request.path_qs})

    async def fetch(self, request: web.Request) -> web.Response:
        text = self._network.texts.by_sid.get(request.match_info["sid"])
        code = self._unauthorized(request) or (0 if text else 20404)
        return web.json_response(text.resource()) if text and not code else _error(code)

    def _unauthorized(self, request: web.Request) -> int:
        account = self._network.account
        good = base64.b64encode(f"{account.sid}:{account.token}".encode()).decode()
        given = request.headers.get("Authorization", "").removeprefix("Basic ")
        return 0 if hmac.compare_digest(given, good) and request.match_info["account"] == account.sid else 20003

    def _invalid(self, fields: dict[str, str]) -> int:
        """Twilio's code for the first thing wrong with a request, 0 for none."""
        account, network = self._network.account, self._network
        service, callback, validity = (
            fields.get("MessagingServiceSid"),
            fields.get("StatusCallback"),
            fields.get("ValidityPeriod"),
        )
        checks = (
            (21604, not fields.get("To")),
            (21211, not E164.fullmatch(fields.get("To", ""))),
            (21603, not service and not fields.get("From")),
            (21701, service is not None and service != account.service_sid),
            (21606, not service and fields.get("From") not in account.numbers),
            (21602, not fields.get("Body")),
            (21617, len(fields.get("Body", "")) > LONGEST_BODY),
            (21609, callback is not None and not _is_callback(callback)),
            (21624, validity is not None and not (validity.isdecimal() and 1 <= int(validity) <= 36_000)),
            (21610, network.stop_handling and fields.get("To") in network.texts.blocked),
        )
        return next((code for code, wrong in checks if wrong), 0)

    async def _before(
        self, request: web.Request, rule: Rule, started_at: datetime, fields: dict[str, str]
    ) -> web.StreamResponse | None:
        """The answer of a fault that strikes before anything is accepted; None lets the request go on."""
        match rule.fault:
            case Fault.REFUSE:
                return self._refuse(started_at, fields, rule.code or 21211, rule=rule)
            case Fault.THROTTLE:
                self._note(started_at, fields, outcome="refused", code="20429", fault=rule.fault)
                wait = {"Retry-After": f"{rule.seconds:.0f}"} if rule.seconds else {}
                return _error(20429, status=429, message="Too Many Requests", headers=wait)
            case Fault.ERROR_BEFORE:
                self._note(started_at, fields, outcome="dropped", code=str(rule.status), fault=rule.fault)
                return _error(20500, status=rule.status, message="Internal Server Error")
            case Fault.HANG_BEFORE | Fault.RESET_BEFORE:
                self._note(started_at, fields, outcome="dropped", fault=rule.fault)
                return await _silence(request, rule)
        return None

    async def _after(self, request: web.Request, rule: Rule | None, text: Text) -> web.StreamResponse:
        match rule.fault if rule else None:
            case Fault.ERROR_AFTER if rule:
                return _error(20500, status=rule.status, message="Internal Server Error")
            case Fault.HANG_AFTER | Fault.RESET_AFTER if rule:
                return await _silence(request, rule)
            case Fault.BROKEN_JSON:
                return web.Response(status=201, text=json.dumps(text.resource())[:40], content_type="application/json")
            case Fault.HTML:
                return web.Response(status=200, text="<html><body>Welcome</body></html>", content_type="text/html")
        return web.json_response(text.resource(), status=201)

    def _accept(self, started_at: datetime, fields: dict[str, str], rule: Rule | None) -> Text:
        account = self._network.account
        # sticky sender: a person always hears from the same number of the service
        sticky = account.numbers[hashlib.sha1(fields["To"].encode()).digest()[0] % len(account.numbers)]  # noqa: S324
        text = Text(
            account_sid=account.sid,
            to=fields["To"],
            sender=fields.get("From") or sticky,
            body=fields["Body"],
            direction="outbound-api",
            status="accepted",
            service_sid=fields.get("MessagingServiceSid", ""),
            callback=fields.get("StatusCallback", ""),
            validity=float(fields.get("ValidityPeriod", 36_000)),
        )
        self._note(started_at, fields, outcome="accepted", id=text.sid, fault=rule.fault if rule else "")
        self._network.texts.add(text)
        self._network.spawn(delivery.travel(self._network, text, rule))
        return text

    def _refuse(
        self, started_at: datetime, fields: dict[str, str], code: int, *, rule: Rule | None = None
    ) -> web.Response:
        self._note(started_at, fields, outcome="refused", code=str(code), fault=rule.fault if rule else "")
        return _error(code, message=rule.reason if rule else "")

    def _note(self, started_at: datetime, fields: dict[str, str], **values: Any) -> None:
        query = parse_qs(urlsplit(fields.get("StatusCallback", "")).query)
        self._network.ledger.add(
            started_at=started_at,
            kind="sms",
            to=fields.get("To", ""),
            sender=fields.get("MessagingServiceSid") or fields.get("From", ""),
            body=fields.get("Body", ""),
            message_id=query.get("message", [""])[0],
            attempt=query.get("attempt", [""])[0],
            **values,
        )


def _key(fields: dict[str, str]) -> str:
    """What makes an attempt the same in another run: our own id in the callback, else number and text."""
    query = parse_qs(urlsplit(fields.get("StatusCallback", "")).query)
    return query["message"][0] if "message" in query else f"{fields.get('To')}:{fields.get('Body')}"


def _on(text: Text, asked: Any) -> bool:
    """DateSent filters are day-grained and see only what was sent."""
    wanted = {op: asked[f"DateSent{op}"][:10] for op in ("", "<", ">") if asked.get(f"DateSent{op}")}
    if not wanted:
        return True
    day = text.sent_at.date().isoformat() if text.sent_at else ""
    ok = {"": lambda d: day == d, "<": lambda d: day <= d, ">": lambda d: day >= d}
    return bool(day) and all(ok[op](value) for op, value in wanted.items())


def _is_callback(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "_" not in (parts.hostname or "")


def _error(code: int, *, status: int = 0, message: str = "", headers: dict[str, str] | None = None) -> web.Response:
    known = REFUSALS.get(code, (400, "The request was refused."))
    body = {
        "code": code,
        "message": message or known[1],
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status or known[0],
    }
    return web.json_response(body, status=status or known[0], headers=headers)


async def _silence(request: web.Request, rule: Rule) -> web.StreamResponse:
    if rule.fault in {Fault.HANG_BEFORE, Fault.HANG_AFTER}:
        await asyncio.sleep(rule.seconds)
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
