"""The contract as a file: python -m tests.api.contract writes tests/api/openapi.json anew."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

from fastapi import FastAPI

from outreach.web import api

FILE = Path(__file__).with_name("openapi.json")


def text(app: FastAPI) -> str:
    return json.dumps(app.openapi(), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(api.create(SimpleNamespace())), encoding="utf-8")  # type: ignore[arg-type]
