"""Messages that say much the same, together: nearest by the words they share, words of every message weighing little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

from dialogs.understand.spelling import flatten

#: cosine from which two messages are of one group
NEAR = 0.3
#: a word in more messages than this weighs less and less
_COMMON = 12
#: words that tell nothing of what is meant
_EMPTY = frozenset(
    "the a an and or of to in on is it i you my me for that this do im be are was with at so if not dont your u we he she they what"
    " el la los las de que y o en es un una por con no me mi lo se le su al del para si ya como yo".split()
)


@dataclass(frozen=True, slots=True)
class Group:
    """`members` are places in the texts given, nearest to the middle first; `terms` what they have in common."""

    terms: tuple[str, ...]
    members: tuple[int, ...]


def group(texts: Sequence[str]) -> list[Group]:
    """Largest first; what has no neighbour is a group of one. The same texts give the same groups."""
    bags = [{w for w in flatten(t).split() if len(w) > 1 and w not in _EMPTY} for t in texts]
    known = Counter(word for bag in bags for word in bag)
    weight = {word: 1.0 / (1.0 + log(max(1.0, n / _COMMON))) for word, n in known.items()}
    leaders: list[tuple[dict[str, float], list[int]]] = []
    for place, bag in enumerate(bags):
        best = max(leaders, key=lambda leader: _near(bag, leader[0], weight), default=None)
        if best is not None and bag and _near(bag, best[0], weight) >= NEAR:
            best[1].append(place)
            for word in bag:
                best[0][word] = best[0].get(word, 0.0) + 1.0
        else:
            leaders.append((dict.fromkeys(bag, 1.0), [place]))
    found = [_named(middle, members, bags, weight) for middle, members in leaders]
    return sorted(found, key=lambda g: (-len(g.members), g.members[0]))


def _near(bag: set[str], middle: dict[str, float], weight: dict[str, float]) -> float:
    if not bag or not middle:
        return 0.0
    shared = sum(middle[w] * weight[w] ** 2 for w in bag if w in middle)
    lengths = sqrt(sum(weight[w] ** 2 for w in bag)) * sqrt(sum((n * weight[w]) ** 2 for w, n in middle.items()))
    return shared / lengths if lengths else 0.0


def _named(middle: dict[str, float], members: list[int], bags: list[set[str]], weight: dict[str, float]) -> Group:
    terms = sorted(middle, key=lambda w: (-middle[w] * weight[w], w))[:4]
    nearest = sorted(members, key=lambda place: (-_near(bags[place], middle, weight), place))
    return Group(tuple(term[:24] for term in terms), tuple(nearest))
