"""What the deterministic safety grammar hears in a message: what `conversations.receive` puts before the reader too."""

from __future__ import annotations


def heard(text: str, *, channel: str) -> dict[str, frozenset[str]]:
    """As the reader takes it: `safety` at its word, `second` as another opinion."""
    from outreach.compliance import optout

    reading = optout.reading(text, medium=channel)
    return {"safety": reading.plain, "second": reading.labels}
