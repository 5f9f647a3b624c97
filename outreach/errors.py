"""The one base of every error meant for a person. Each module names its own family on top of it."""

from __future__ import annotations


class OutreachError(Exception):
    """A sentence that says what to do next. The docstring of a subclass is its default message."""

    #: HTTP status when it reaches a page or the API
    status = 400

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or type(self).__name__).strip())

    @property
    def message(self) -> str:
        return str(self)
