"""TP-01: nothing about a debt where somebody else may read it: subject, preview, and any unconfirmed address."""

from collections.abc import Iterator

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import MONEY, Script, phrases, plain
from outreach.compliance.words import words


@words("TP-01", "12 CFR 1006.6(d)(1); comment 42(a)(1)-1")
def bystanders(script: Script) -> Iterator[Finding]:
    if MONEY.search(script.outside):
        yield deny("Subject or preview shows an amount.", "subject", "preview", also=("UK-03",))
    if not script.required:
        for pattern in (phrases("debt_words"), phrases("account_number")):
            if found := pattern.search(script.outside):
                yield deny(
                    f"Subject or preview tells of a debt: “{found.group(0)}”.", "subject", "preview", also=("UK-03",)
                )
    if not script.words.verified:
        yield from _stranger(script)


def _stranger(script: Script) -> Iterator[Finding]:
    everything = f"{script.outside} {script.body}"
    for pattern, what in (
        (MONEY, "an amount"),
        (phrases("debt_words"), "a debt"),
        (phrases("account_number"), "an account"),
    ):
        if found := pattern.search(everything):
            yield deny(f"It tells an unconfirmed reader of {what}: “{found.group(0)}”.", "text")
    for secret in script.words.private:
        if plain(secret) and plain(secret) in everything:
            yield deny("It tells an unconfirmed reader a name or reference.", "text", "private")
