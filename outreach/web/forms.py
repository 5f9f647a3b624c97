"""What a form brought: trimmed strings by field, files apart, foreign or stale tokens refused."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import date

from fastapi import Request
from starlette.datastructures import UploadFile

from outreach.errors import OutreachError
from outreach.money import cents

#: longest text a field may bring; longer is cut, never an error
LONGEST = 10_000


class StaleFormError(OutreachError):
    """This form is from an older page. Open the page again; what you chose before is kept."""

    status = 403


class Posted(dict[str, str]):
    """Field -> what was typed. A field given several times (tick boxes) is its values joined by one space."""

    files: Mapping[str, UploadFile]

    def cents(self, name: str) -> int | None:
        """An amount as people write it ("$1,250", "60.5"), in cents; None when it is none, or not more than nothing."""
        try:
            return max(0, cents.parse(self.get(name, "").replace(" ", ""))) or None
        except cents.NotMoneyError:
            return None

    def date(self, name: str) -> date | None:
        """A date of three fields `name_month`, `name_day`, `name_year`; None when there is no such day."""
        try:
            return date(*(int(self.get(f"{name}_{part}", "")) for part in ("year", "month", "day")))
        except (ValueError, OverflowError):  # the year 99999999999 is neither
            return None


async def read(request: Request, *, form_token: str = "") -> Posted:
    """The fields of a form. With `form_token` (a session is open) the form must carry it: StaleFormError."""
    fields = Posted()
    files: dict[str, UploadFile] = {}
    form = await request.form(max_files=3, max_fields=100)
    for name in form:
        every = form.getlist(name)
        texts = [v.replace("\0", "").replace("\r\n", "\n").strip()[:LONGEST] for v in every if isinstance(v, str)]
        fields[name] = " ".join(t for t in texts if t)
        for upload in every:
            if isinstance(upload, UploadFile) and upload.filename:
                files[name] = upload
    fields.files = files
    if form_token and not hmac.compare_digest(fields.get("form_token", ""), form_token):
        raise StaleFormError
    return fields
