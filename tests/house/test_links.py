from __future__ import annotations

import pytest

from tests.house import links

PAGE = """
# The house, in brief
## Words `and` [more](page.md)
## Twice
## Twice
```
[not a link](gone.md)
# not a heading
```
Also `[nor this](gone.md)`.
"""

CASES = [
    ("[a](#the-house-in-brief)", []),
    ("[a](#words-and-more)", []),
    ("[a](#twice-1)", []),
    ("[a](#not-a-heading)", ["#not-a-heading"]),
    ("[a](page.md)", []),
    ('[a](page.md#twice "with a title")', []),
    ("![a](gone.png)", ["gone.png"]),
    ('<img src="gone.svg">', ["gone.svg"]),
    ("[a]: gone.md", ["gone.md"]),
    ("[a](https://example.org/x) [b](mailto:a@example.org) [c](/console)", []),
]


@pytest.mark.parametrize(("text", "dead"), CASES)
def test_a_dead_link_is_found_and_a_living_one_is_not(tmp_path, text, dead) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE + text, encoding="utf-8")
    assert list(links.dead_links(page)) == dead
