"""What providers accepted, on this machine's disk until the database has it: a worker that is killed in between loses no answer.

A line is written the moment an answer comes, before its place is free again, so that a kill leaves in doubt only what was still on
the line. `kill -9` does not lose what was handed to the system; a machine that loses power does, and those attempts are unknown.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

import structlog

log = structlog.get_logger()

FOLDER = "outcomes"


class Accepted(NamedTuple):
    """An attempt the provider took."""

    message_id: UUID
    number: int
    fence: int
    provider_id: str


@dataclass(frozen=True, slots=True)
class _File:
    """Locked for as long as its worker lives."""

    path: Path
    descriptor: int

    @classmethod
    def new(cls, folder: Path) -> _File:
        """Under its name only once it is locked: nobody may take it for a dead worker's."""
        path = folder / f"{uuid4().hex}.jsonl"
        building = path.with_suffix(".new")
        descriptor = os.open(building, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        building.rename(path)
        return cls(path, descriptor)


class Journal:
    """Two files by turns: while the outcomes of one are written to the database, new ones go to the other."""

    def __init__(self, data_dir: Path) -> None:
        folder = data_dir / FOLDER
        self._files: list[_File] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._files = [_File.new(folder), _File.new(folder)]
        except OSError as error:  # no disk: what a kill interrupts is then unknown, as in a power cut
            log.warning("no_journal", folder=str(folder), error=type(error).__name__)

    def add(self, accepted: Accepted) -> None:
        if self._files:
            line = json.dumps([str(accepted.message_id), *accepted[1:]])
            os.write(self._files[0].descriptor, line.encode() + b"\n")

    def turn(self) -> None:
        """What was added so far is about to be written to the database."""
        self._files.reverse()

    def done(self) -> None:
        """It is written."""
        if self._files:
            os.ftruncate(self._files[-1].descriptor, 0)

    def close(self) -> None:
        for file in self._files:
            if not os.fstat(file.descriptor).st_size:
                file.path.unlink(missing_ok=True)
            os.close(file.descriptor)
        self._files = []


@contextlib.contextmanager
def orphans(data_dir: Path) -> Iterator[Sequence[Accepted]]:
    """What journals of dead workers hold; when the block ends well they are gone. A living worker's are locked."""
    with contextlib.ExitStack() as held:
        found: list[Accepted] = []
        paths: list[Path] = []
        for path in sorted((data_dir / FOLDER).glob("*.jsonl")):
            with contextlib.suppress(OSError):
                file = held.enter_context(path.open("r", encoding="ascii"))
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                found += _read(file)
                paths.append(path)
        yield found
        for path in paths:
            path.unlink(missing_ok=True)


def _read(lines: Iterator[str]) -> Iterator[Accepted]:
    """A last line cut short by the kill is no line."""
    for line in lines:
        with contextlib.suppress(ValueError, TypeError):
            message_id, number, fence, provider_id = json.loads(line)
            yield Accepted(UUID(message_id), int(number), int(fence), str(provider_id))
