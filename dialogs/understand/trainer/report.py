"""How well the reader reads voices it never saw: the figures of dialog-spec section 11, by language, with the confusions."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dialogs.understand import labels, model, reader
from dialogs.understand.reader import Prediction
from dialogs.understand.slots import BELONGS
from dialogs.understand.trainer import compose

TODAY = date(2026, 3, 11)
_SAFE = frozenset({"escalate", "clarify", "none"})


@dataclass(slots=True)
class Scores:
    """Shares in [0, 1]."""

    messages: int = 0
    critical_recall: float = 1.0
    false_opt_out: float = 0.0
    macro_f1: float = 0.0
    slot_match: float = 0.0
    out_of_scope_safe: float = 1.0
    p95_ms: float = 0.0
    f1: dict[str, float] = field(default_factory=dict)
    confusions: list[str] = field(default_factory=list)


#: another reader of critical labels, by text and channel: `safety` and `second` of `reader.read`, so that what is
#: measured is what the application acts on
Safety = Callable[[str, str], Mapping[str, frozenset[str]]]


def predict(
    messages: Sequence[dict[str, Any]], using: model.Model, safety: Safety | None = None
) -> tuple[list[Prediction], list[float]]:
    found, times = [], []
    for m in messages:
        started = time.perf_counter()
        found.append(
            reader.read(
                m["text"],
                expecting=m["expecting"],
                today=TODAY,
                language_hint=m["lang"],
                channel=m["channel"],
                **(safety(m["text"], m["channel"]) if safety else {}),
                using=using,
            )
        )
        times.append((time.perf_counter() - started) * 1000)
    return found, times


def score(messages: Sequence[dict[str, Any]], using: model.Model, *, safety: Safety | None = None) -> Scores:
    """`safety` joins the reader's own labels, as it does in service."""
    predictions, times = predict(messages, using, safety)
    pairs = list(zip(messages, predictions, strict=True))
    result = Scores(messages=len(messages), p95_ms=sorted(times)[int(len(times) * 0.95)] if times else 0.0)
    critical = [(m, p) for m, p in pairs if m["must"]]
    if critical:
        result.critical_recall = sum(_met(m, p) for m, p in critical) / len(critical)
    clean = [(m, p) for m, p in pairs if not {"opt_out", "cease_communication"} & {m["intent"], *m["also"]}]
    if clean:
        result.false_opt_out = sum(bool({"opt_out", "cease_communication"} & set(p.intents)) for _, p in clean) / len(
            clean
        )
    off = [p for m, p in pairs if m["intent"] == "out_of_scope"]
    if off:
        result.out_of_scope_safe = sum(p.action in _SAFE for p in off) / len(off)
    result.f1 = _f1(pairs)
    result.macro_f1 = sum(result.f1.values()) / max(len(result.f1), 1)
    result.slot_match = _slots(pairs)
    result.confusions = [
        _confusion(m, p) for m, p in pairs if p.intent not in {m["intent"], *m["also"]} or not _met(m, p)
    ]
    return result


def _met(message: dict[str, Any], prediction: Prediction) -> bool:
    return all(set(group.split("|")) & set(prediction.intents) for group in message["must"])


def _f1(pairs: list[tuple[dict[str, Any], Prediction]]) -> dict[str, float]:
    """A prediction in `also` counts as right."""
    hit, said, meant = Counter[str](), Counter[str](), Counter[str]()
    for m, p in pairs:
        right = p.intent if p.intent in m["also"] else m["intent"]
        meant[right] += 1
        said[p.intent] += 1
        hit[right] += p.intent == right
    return {n: 2 * hit[n] / (said[n] + meant[n]) for n in labels.ORDER if meant[n]}


def _slots(pairs: list[tuple[dict[str, Any], Prediction]]) -> float:
    right = total = 0
    for m, p in pairs:
        if not m["slots_checked"]:
            continue
        belonging = set[str]().union(*(BELONGS.get(i, set()) for i in (m["intent"], *m["also"])))
        gold = {k: v for k, v in m["slots"].items() if k != "currency"}
        right += sum(p.slots.get(k) == v for k, v in gold.items())
        extras = {k for k in p.slots if k not in gold and k != "currency" and k in belonging}
        total += len(gold) + len(extras)
    return right / total if total else 1.0


def _confusion(m: dict[str, Any], p: Prediction) -> str:
    return f"{m['intent']:>26} read as {p.intent:<26} {list(p.intents)} {m['text']!r}"


def text() -> str:
    """The report, on voices held out of training."""
    using = model.trained("train")
    held = [m for m in compose.read() if m["split"] == "held"]
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for m in held:
        groups["all"].append(m)
        groups[m["lang"]].append(m)
        groups[m["source"]].append(m)
    out = ["group     n    critical  false stop  macro-F1  slots  out-of-scope safe  p95 ms"]
    scored = {name: score(messages, using) for name, messages in groups.items()}
    for name, s in scored.items():
        out.append(
            f"{name:<8} {s.messages:>4}   {s.critical_recall:7.2%}   {s.false_opt_out:7.2%}   {s.macro_f1:7.3f}  "
            f"{s.slot_match:6.3f}  {s.out_of_scope_safe:8.2%}        {s.p95_ms:7.2f}"
        )
    out += ["", "F1 by intent", *(f"{n:<28} {v:.3f}" for n, v in sorted(scored["all"].f1.items(), key=lambda x: x[1]))]
    out += ["", "Confusions", *scored["all"].confusions]
    return "\n".join(out)
