"""Memory of a dialog; a reply into outcomes, outcomes into deeds. `receive` is the one door in for people's words."""

from outreach.conversations.receive import receive

__all__ = ["receive"]
