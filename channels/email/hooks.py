"""Mail that arrives for us, as the application's mail server or mailbox hands it over."""

from __future__ import annotations

from collections.abc import Sequence

from channels.contract import Forged, Hook, Inbound, Receipt

#: the only doors mail comes in by; a web request is none of them
DOORS = frozenset({"LMTP", "IMAP"})


def mail_hook(raw: bytes, *, recipient: str, sender: str = "", door: str = "LMTP") -> Hook:
    """One received mail in the shape every channel is handed its news in. `sender` is the envelope's."""
    return Hook(method=door, url="", headers={"recipient": recipient, "sender": sender}, body=raw)


def verify(hook: Hook) -> None:
    """Mail has no signature of a provider: it must have come in by a door of our own."""
    if hook.method not in DOORS:
        raise Forged("Mail does not arrive by web request.")


def parse(hook: Hook, *, secret: str) -> Sequence[Receipt | Inbound]:
    """The events in one mail."""
    return ()
