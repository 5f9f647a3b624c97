"""What the deterministic safety grammar finds in a message, for the union `outreach dialog parse` shows."""

from __future__ import annotations


def labels(text: str, *, channel: str) -> frozenset[str]:
    """The critical labels `compliance.optout` finds; the same union `conversations.receive` acts on."""
    from outreach.compliance import optout

    return optout.read(text, medium=channel)
