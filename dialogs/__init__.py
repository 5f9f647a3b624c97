"""How to hold a conversation: words in, replies and wishes out. A leaf: knows nothing of the application."""

from __future__ import annotations

from dialogs.dialog import Dialog, load

__all__ = ["Dialog", "load"]
