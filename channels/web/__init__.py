"""The chat of the portal."""
