"""The trained part of the reader at run time: NumPy and one file of weights, trained at first use and cached by content."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dialogs.understand import evidence, features, grounds

HERE = Path(__file__).parent
#: how much a hit of the grammar weighs as a feature beside the n-grams
GRAMMAR_VALUE = 0.7


@dataclass(frozen=True, slots=True)
class Model:
    """Two stages. `weights` (n-grams + grammar hits) x labels give margins; `scales` labels x (evidence + 1) weigh the evidence."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    scales: NDArray[np.float64]
    #: of `grounds`, by kind
    reasons: Mapping[str, NDArray[np.float32]]

    def scores(self, pieces: Sequence[str], *, hits: Sequence[set[str]], expecting: str | None) -> dict[str, float]:
        """Calibrated probability of each label. `pieces`, and the grammar's `hits` in each: the whole message, then its sentences."""
        margins = np.stack(
            [self._margins(*row(p, hits=h, expecting=expecting)) for p, h in zip(pieces, hits, strict=True)]
        )
        seen = evidence.of(margins, hits, words=len(pieces[0].split()), asked=expecting is not None)
        odds = np.einsum("lk,lk->l", seen, self.scales[:, :-1]) + self.scales[:, -1]
        return dict(zip(evidence.LABELS, (1.0 / (1.0 + np.exp(-odds))).tolist(), strict=True))

    def reason(self, kind: str, flat: str, heard: Sequence[str]) -> str | None:
        """Why: a code of `grounds.REASONS[kind]`. `heard`: the patterns that match."""
        return grounds.likeliest(kind, flat, heard, weights=self.reasons[kind])

    def _margins(self, positions: list[int], values: list[float]) -> NDArray[np.float32]:
        return np.asarray(np.asarray(values, dtype=np.float32) @ self.weights[positions] + self.bias, dtype=np.float32)


def row(flat: str, *, hits: set[str], expecting: str | None) -> tuple[list[int], list[float]]:
    """The sparse features of one sentence, for training and for reading alike."""
    positions, values = features.indices(flat, expecting)
    for number, label in enumerate(evidence.LABELS):
        if label in hits:
            positions.append(features.BUCKETS + number)
            values.append(GRAMMAR_VALUE)
    return positions, values


@cache
def fingerprint() -> str:
    """Of everything the weights depend on."""
    digest = hashlib.sha256()
    for path in (
        *sorted((HERE / "grammar").glob("*.txt")),
        HERE / "data" / "dev_messages.jsonl",
        HERE / "evidence.py",
        HERE / "features.py",
        HERE / "grounds.py",
        HERE / "labels.py",
        HERE / "grammar.py",
        HERE / "spelling.py",
        HERE / "clean.py",
        HERE / "model.py",
        HERE / "slots" / "reasons.py",
        HERE / "slots" / "slips.py",
        HERE / "trainer" / "train.py",
        HERE / "trainer" / "reasons.py",
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def trained(split: str = "all") -> Model:
    """The weights shipped. `train` knows no held-out voice."""
    return _load(weights_file(split))


def weights_file(split: str = "all") -> Path:
    """Where the weights lie; trained first where none fit (half a minute, needs scikit-learn)."""
    name = f"reader-{split}-{fingerprint()}.npz"
    for folder in _folders():
        if (folder / name).is_file():
            return folder / name
    folder = _writable()
    with (folder / f".{name}.lock").open("w") as lock:
        # Many processes start at once, and one trains for all; the lock goes with its process.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / name).is_file():
            # A process of its own: scikit-learn takes seconds to import and memory that the reader never needs again.
            command = [sys.executable, "-m", "dialogs.understand.trainer", "weights", split, str(folder / name)]
            subprocess.run(command, check=True, cwd=HERE.parents[1])  # noqa: S603
    return folder / name


_adopted: list[Model] = []


def parse(weights: bytes) -> Model:
    return _load(BytesIO(weights))


def adopt(weights: bytes | None) -> None:
    """From now on this process reads with these weights, made for this `fingerprint`; None: with the shipped ones again."""
    _adopted[:] = [parse(weights)] if weights else []


def current() -> Model:
    """The weights this process reads with."""
    return _adopted[0] if _adopted else trained()


def content_hash(arrays: Mapping[str, Any]) -> str:
    """Of the weights themselves, whatever file they lie in."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype} {array.shape}".encode() + array.tobytes())
    return digest.hexdigest()


def _folders() -> tuple[Path, ...]:
    """Beside the package where that can be written, else the user's cache."""
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return (HERE / "data", user / "outreach")


def _writable() -> Path:
    """The first folder that can be written to. Raises OSError when there is none."""
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    raise OSError("no folder to keep the trained reader in: make the package's or XDG_CACHE_HOME writable")


def keep(path: Path, arrays: Mapping[str, Any]) -> None:
    """Writes weights in one step: two processes may train at once, the last rename wins with equal content."""
    scratch = path.with_name(f".{os.getpid()}-{path.name}")
    with scratch.open("wb") as file:
        np.savez(file, **arrays)
    scratch.replace(path)


def _load(path: Path | BytesIO) -> Model:
    with np.load(path, allow_pickle=False) as arrays:
        return Model(
            weights=arrays["weights"].astype(np.float32),
            bias=arrays["bias"],
            scales=arrays["scales"],
            reasons={kind: arrays[kind].astype(np.float32) for kind in grounds.REASONS},
        )
