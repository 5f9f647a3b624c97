"""Hands mail to the service by LMTP (RFC 2033), as a local mail system does."""

from __future__ import annotations

import asyncio
import re

#: how long the carrier keeps trying a service that is down or says 4yz
WAITS = (0.3, 1.0, 3.0, 10.0)


async def deliver(address: tuple[str, int], *, sender: str, to: str, raw: bytes) -> int:
    """The last reply code for the recipient, 0 when nobody answered. Temporary failures are tried again."""
    code = 0
    for wait in (*WAITS, None):
        try:
            async with asyncio.timeout(30):
                code = await _once(address, sender=sender, to=to, raw=raw)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            code = 0
        if code // 100 in {2, 5} or wait is None:
            break
        await asyncio.sleep(wait)
    return code


async def _once(address: tuple[str, int], *, sender: str, to: str, raw: bytes) -> int:
    reader, writer = await asyncio.open_connection(*address)
    try:
        code = await _reply(reader)
        for command in ("LHLO carrier.localhost", f"MAIL FROM:<{sender}>", f"RCPT TO:<{to}>", "DATA"):
            writer.write(f"{command}\r\n".encode())
            code = await _reply(reader)
            if code >= 400:
                return code
        payload = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
        stuffed = re.sub(rb"(?m)^\.", b"..", payload)
        writer.write(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        code = await _reply(reader)
        writer.write(b"QUIT\r\n")
        return code
    finally:
        writer.close()


async def _reply(reader: asyncio.StreamReader) -> int:
    line = await reader.readuntil(b"\n")
    while line[3:4] == b"-":
        line = await reader.readuntil(b"\n")
    return int(line[:3])
