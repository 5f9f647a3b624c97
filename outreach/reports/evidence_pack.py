"""An evidence pack on disk: data, a page to read, the rows as chained, files people sent, and a script that checks it all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2

from outreach.audit import chain
from outreach.reports import evidence_verify

TEMPLATES = Path(__file__).parents[2] / "templates" / "evidence"
_PAGES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["money"] = lambda cents: "" if cents is None else f"{cents / 100:,.2f}"
_PAGES.filters["moment"] = lambda at: str(at or "")[:19].replace("T", " ")


def write(
    folder: Path, *, found: Mapping[str, Any], files: Sequence[Mapping[str, Any]], now: datetime, secret: bytes
) -> str:
    """Write the pack into a new folder; returns its fingerprint, one hash over all files. Raises FileExistsError."""
    folder.mkdir(parents=True)
    shown = {name: value for name, value in found.items() if name not in {"sealed", "links"}}
    shown |= {
        "made_at": now.isoformat(),
        "attachments": [{k: v for k, v in file.items() if k != "content"} for file in files],
    }
    contents = {
        "evidence.json": _json(shown),
        "evidence.html": _PAGES.get_template("pack.html").render(shown, links=found["links"]),
        "evidence.css": (TEMPLATES / "evidence.css").read_text(encoding="utf-8"),
        "rows.jsonl": "".join(json.dumps(dict(row), ensure_ascii=False) + "\n" for row in found["sealed"]),
        "links.json": _json(found["links"]),
        "verify.py": Path(evidence_verify.__file__).read_text(encoding="utf-8"),
    }
    data = {name: text.encode() for name, text in contents.items()}
    # A file's own name is never used as a path: only its number and hash are.
    data |= {f"attachments/{file['id']}-{file['sha256'][:16]}": bytes(file["content"]) for file in files}
    for name, content in data.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    hashes = {name: evidence_verify.sha(content) for name, content in sorted(data.items())}
    mark = evidence_verify.fingerprint(hashes)
    manifest = {"files": hashes, "fingerprint": mark, "signature": chain.sign(secret, mark), "made_at": now.isoformat()}
    (folder / "manifest.json").write_text(_json(manifest), encoding="utf-8")
    return mark


def _json(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False, indent=1)
