"""Checks an evidence pack by itself: Python's standard library, no network, none of our software.

    python verify.py [FOLDER] [--key FILE]

FOLDER holds the pack (default: where this file is). With the file of the service's key, signatures are checked too. Exit code 1
when anything is not as it was written. Without the key, compare the fingerprint printed at the end with the one you were given:
whoever can rewrite every file of a pack can rewrite its fingerprint too.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

TABLES = {
    "audit_entry": ("audit", "entries", "digest"),
    "decision_record": ("decisions", "decisions", "decisions_digest"),
}


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def signed(key: bytes, text: str, signature: str) -> bool:
    return hmac.compare_digest(hmac.new(key, text.encode(), hashlib.sha256).hexdigest(), signature)


def fingerprint(files: dict[str, str]) -> str:
    """One hash over the names and hashes of all files."""
    return sha(json.dumps(files, sort_keys=True, separators=(",", ":")).encode())


def problems(folder: Path, key: bytes | None) -> Iterator[str]:
    """Everything that is not as it was written, one sentence each."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    yield from check_files(folder, manifest, key)
    evidence = json.loads((folder / "evidence.json").read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in (folder / "rows.jsonl").read_text(encoding="utf-8").split("\n") if line]
    links = {link["number"]: link for link in json.loads((folder / "links.json").read_text(encoding="utf-8"))}
    yield from check_rows(evidence, rows, links)
    yield from check_links(links, key)
    yield from check_messages(evidence)
    yield from check_facts(evidence)
    yield from check_ledger(evidence)


def check_files(folder: Path, manifest: dict[str, Any], key: bytes | None) -> Iterator[str]:
    found = {
        str(p.relative_to(folder).as_posix()): p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json"
    }
    for name, digest in manifest["files"].items():
        if name not in found:
            yield f"{name} is missing"
        elif sha(found[name].read_bytes()) != digest:
            yield f"{name} is not the file that was written"
    for name in sorted(set(found) - set(manifest["files"])):
        if "__pycache__" not in name:
            yield f"{name} was added"
    if fingerprint(manifest["files"]) != manifest["fingerprint"]:
        yield "the manifest's fingerprint is not that of its files"
    if key is not None and not signed(key, manifest["fingerprint"], manifest["signature"]):
        yield "the manifest was not signed with this key"


def check_rows(evidence: dict[str, Any], rows: list[dict[str, Any]], links: dict[int, Any]) -> Iterator[str]:
    """Each row of the trail and each decision is the one its link covers."""
    for table, (noun, _, _) in TABLES.items():
        texts = {row["id"]: row["text"] for row in rows if row["table"] == table}
        shown = {row["id"]: row for row in evidence[noun]}
        for number in sorted(set(texts) ^ set(shown)):
            yield f"{table} {number} is not in both evidence.json and rows.jsonl"
        for number in sorted(set(texts) & set(shown)):
            if json.loads(texts[number]) != shown[number]:
                yield f"{table} {number} in evidence.json is not the row that was chained"
    for row in rows:
        if row["link"] is None:
            continue
        link = links.get(row["link"])
        if link is None or sha(row["text"].encode()) not in link.get(row["table"], []):
            yield f"{row['table']} {row['id']} is not a row of link {row['link']}"


def check_links(links: dict[int, Any], key: bytes | None) -> Iterator[str]:
    """Each link is the hash of the one before it, its columns and its rows."""
    for number, link in sorted(links.items()):
        for table, (_, count, digest) in TABLES.items():
            if table in link:
                joined = b"".join(bytes.fromhex(each) for each in link[table])
                if len(link[table]) != link[count] or sha(joined) != link[digest]:
                    yield f"link {number} does not cover these rows of {table}"
        at = datetime.fromisoformat(link["at"]).astimezone(timezone.utc).isoformat()  # noqa: UP017 - runs on old Pythons too
        parts = [
            link["previous"], number, at, link["entries"], link["digest"], link["decisions"], link["decisions_after"],
            link["decisions_upto"], link["decisions_digest"],
        ]  # fmt: skip
        if sha("|".join(map(str, parts)).encode()) != link["link"]:
            yield f"link {number} does not follow the one before it"
        if number - 1 in links and links[number - 1]["link"] != link["previous"]:
            yield f"link {number} names another link before it"
        if key is not None and not signed(key, link["link"], link["signature"]):
            yield f"link {number} was not signed with this key"


def check_messages(evidence: dict[str, Any]) -> Iterator[str]:
    """The text shown is byte for byte what left: its hash was written before the first byte."""
    last = {a["message_id"]: a for a in sorted(evidence["attempts"], key=lambda a: int(a["number"]))}
    for message in evidence["messages"]:
        attempt = last.get(message["id"])
        if attempt and message["direction"] == "out":
            said = "\x1f".join([message["address"], message["subject"], message["text"]])
            if sha(said.encode()) != attempt["body_hash"]:
                yield f"message {message['id']} does not have the words that left"


def check_facts(evidence: dict[str, Any]) -> Iterator[str]:
    for row in evidence["decisions"]:
        if sha(json.dumps(row["facts"], sort_keys=True, separators=(",", ":")).encode()) != row["facts_hash"]:
            yield f"decision {row['id']} does not have the facts it was made from"


def check_ledger(evidence: dict[str, Any]) -> Iterator[str]:
    """The balance is the sum of the running account."""
    for account in evidence["accounts"]:
        lines = [line["amount_cents"] for line in evidence["ledger"] if line["account_id"] == account["id"]]
        if lines and sum(lines) != account["balance_cents"]:
            yield f"account {account['ref']}: the running account sums to {sum(lines)}, not {account['balance_cents']}"


def main() -> int:
    wanted = argparse.ArgumentParser(description="Check an evidence pack.")
    wanted.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    wanted.add_argument("--key", type=Path, help="the file of the service's key: signatures are checked too")
    given = wanted.parse_args()
    found = list(problems(given.folder, given.key.read_bytes() if given.key else None))
    print("\n".join(found) or "Everything is as it was written.")
    print("fingerprint", json.loads((given.folder / "manifest.json").read_text(encoding="utf-8"))["fingerprint"])
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
