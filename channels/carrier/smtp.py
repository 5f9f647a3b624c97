"""An SMTP server written on bare asyncio: faults strike at any moment of a transaction, and it outpaces the senders."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from channels.carrier.faults import Fault, Rule
from channels.carrier.mailbox import Mail
from channels.carrier.network import Network

PATH = re.compile(r"(?:MAIL FROM|RCPT TO):\s*<([^>]*)>", re.IGNORECASE)
MESSAGE_ID = re.compile(rb"^message-id:\s*(.+?)\r$", re.IGNORECASE | re.MULTILINE)
SUBJECT = re.compile(rb"^subject:\s*(.*?)\r$", re.IGNORECASE | re.MULTILINE)
LARGEST = 20_000_000
HOST = "network.localhost"


class Gone(Exception):  # noqa: N818  # a way out of a session, not a fault of the server
    """The client left, or a fault says we do."""


@dataclass(slots=True)
class Transaction:
    started_at: datetime
    sender: str
    to: str = ""
    rule: Rule | None = None
    latency: float = 0.0


class Session:
    """One connection. `fault_at` is asked at every step, so a rule can strike anywhere."""

    def __init__(self, network: Network, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._network, self._reader, self._writer = network, reader, writer
        self._open: Transaction | None = None

    async def run(self) -> None:
        with contextlib.suppress(Gone, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await self._say(f"220 {HOST} ESMTP local carrier")
            while line := await self._reader.readline():
                await self._command(line.decode("utf-8", "replace").strip())
        self._writer.close()

    async def _command(self, line: str) -> None:
        match line.split(" ", 1)[0].upper()[:4]:
            case "EHLO":
                await self._say(f"250-{HOST}\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE {LARGEST}")
            case "HELO" | "NOOP" | "VRFY":
                await self._say(f"250 {HOST}")
            case "RSET":
                self._open = None
                await self._say("250 2.0.0 Ok")
            case "MAIL":
                await self._mail(line)
            case "RCPT":
                await self._rcpt(line)
            case "DATA":
                await self._data()
            case "QUIT":
                await self._say("221 2.0.0 Bye")
                raise Gone
            case _:
                await self._say("502 5.5.2 Command not recognised")

    async def _mail(self, line: str) -> None:
        found = PATH.match(line)
        if not found:
            await self._say("501 5.1.7 Bad sender address syntax")
            return
        self._open = Transaction(datetime.now(UTC), found[1])
        await self._say("250 2.1.0 Ok")

    async def _rcpt(self, line: str) -> None:
        found, current = PATH.match(line), self._open
        if current is None or not found or not found[1]:
            await self._say(
                "503 5.5.1 Need MAIL first" if current is None else "501 5.1.3 Bad recipient address syntax"
            )
            return
        if current.to:
            await self._say("452 4.5.3 Too many recipients")
            return
        current.to = found[1]
        key = f"{current.sender}>{current.to}"
        current.rule, current.latency = self._network.dice.roll("mail", key=key, to=current.to)
        if current.rule and current.rule.fault is Fault.GREYLIST and self._network.greylist.first(key):
            self._note(current, b"", outcome="refused", code="450")
            await self._say("450 4.2.0 Greylisted, try again in 60 seconds")
        elif not await self._struck(current, "mail", "rcpt"):
            await self._say("250 2.1.5 Ok")

    async def _data(self) -> None:
        current = self._open
        if current is None or not current.to:
            await self._say("503 5.5.1 Need RCPT first")
            return
        if await self._struck(current, "data"):
            return
        await self._say("354 End data with <CR><LF>.<CR><LF>")
        raw = await self._payload()
        self._open = None
        with self._network.judging():
            await asyncio.sleep(current.latency)
        if current.rule and current.rule.fault is Fault.REFUSE and current.rule.at == "dot":
            await self._refuse(current, current.rule)
            return
        mail = self._accept(current, raw)
        if current.rule and current.rule.at == "dot" and current.rule.fault in {Fault.DROP, Fault.HANG}:
            await self._vanish(current.rule)
        await self._say(f"250 2.0.0 Ok: queued as {mail.id}")

    async def _payload(self) -> bytes:
        """Up to the lonely dot; the dots the client doubled are single again."""
        got = bytearray(b"\r\n")
        while not got.endswith(b"\r\n.\r\n"):
            chunk = await self._reader.read(65_536)
            if not chunk or len(got) > LARGEST:
                raise Gone
            got += chunk
        return bytes(got[:-3]).replace(b"\r\n..", b"\r\n.")[2:]

    def _accept(self, current: Transaction, raw: bytes) -> Mail:
        mail = Mail(sender=current.sender, to=current.to, raw=raw)
        self._note(current, raw, outcome="accepted", id=mail.id)
        self._network.take_mail(mail, current.rule)
        return mail

    async def _struck(self, current: Transaction, *moments: str) -> bool:
        rule = current.rule
        if rule is None or rule.at not in moments:
            return False
        if rule.fault is Fault.REFUSE:
            await self._refuse(current, rule)
            return True
        if rule.fault in {Fault.DROP, Fault.HANG}:
            self._note(current, b"", outcome="dropped")
            await self._vanish(rule)
        return False

    async def _refuse(self, current: Transaction, rule: Rule) -> None:
        code = rule.code or (450 if rule.status_code.startswith("4") else 550)
        self._note(current, b"", outcome="refused", code=str(code))
        self._open = None
        await self._say(f"{code} {rule.status_code} {rule.reason or 'The carrier refuses this mail'}")

    async def _vanish(self, rule: Rule) -> None:
        if rule.fault is Fault.HANG:
            await asyncio.sleep(rule.seconds)
        self._writer.transport.abort()
        raise Gone

    async def _say(self, line: str) -> None:
        self._writer.write(line.encode() + b"\r\n")
        await self._writer.drain()

    def _note(self, current: Transaction, raw: bytes, *, outcome: str, id: str = "", code: str = "") -> None:
        head = raw[: raw.find(b"\r\n\r\n") + 2]
        self._network.ledger.add(
            started_at=current.started_at,
            kind="mail",
            outcome=outcome,
            to=current.to,
            sender=current.sender,
            body=raw[:4000].decode("utf-8", "replace"),
            id=id,
            message_id=_field(MESSAGE_ID, head),
            subject=_field(SUBJECT, head),
            size=len(raw),
            code=code,
            fault=current.rule.fault if current.rule else "",
        )


def _field(pattern: re.Pattern[bytes], head: bytes) -> str:
    """One header as it came, its first line: parsing the whole head would halve what the carrier can take."""
    found = pattern.search(head)
    return found[1].decode("utf-8", "replace") if found else ""
