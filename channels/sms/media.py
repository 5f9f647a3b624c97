"""Pictures people send with a text: kept by Twilio, fetched from Twilio's hosts and from nowhere else."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import aiohttp

from channels.contract import MediaRefused, Unsure

#: hosts whose addresses are Twilio's to give out
HOSTS = ("twilio.com", "twiliocdn.com")
LARGEST = 5_000_000
MOST_REDIRECTS = 3


async def fetch(session: aiohttp.ClientSession, url: str, *, auth: str, base_url: str = "") -> bytes:
    """The file, 5 MB at most. Raises MediaRefused for good, Unsure when it may be there later.

    `auth` is an Authorization header. Every redirect is checked like the address itself, and only Twilio's API is shown our credentials.
    """
    for _ in range(MOST_REDIRECTS):
        if not _allowed(url, base_url):
            raise MediaRefused("It does not lie with the provider.")
        ours = _origin(url) in {_origin(base_url), ("https", "api.twilio.com", None)}
        headers = {"Authorization": auth} if ours else {}
        try:
            async with session.get(url, headers=headers, allow_redirects=False) as answer:
                if 300 <= answer.status < 400:
                    url = urljoin(url, answer.headers.get("Location", ""))
                    continue
                return await _body(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unsure("The file could not be fetched.", code=type(error).__name__) from error
    raise MediaRefused("It is redirected too often.")


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    if answer.status >= 500 or answer.status == 429:
        raise Unsure("The file could not be fetched.", code=str(answer.status))
    if answer.status != 200:
        raise MediaRefused(f"The provider answered {answer.status}.")
    content = b""
    async for chunk in answer.content.iter_chunked(65_536):
        content += chunk
        if len(content) > LARGEST:
            raise MediaRefused("It is larger than 5 MB.")
    return content


def _allowed(url: str, base_url: str) -> bool:
    scheme, host, _ = _origin(url)
    if base_url and _origin(url) == _origin(base_url):
        return True
    return scheme == "https" and any(host == each or host.endswith(f".{each}") for each in HOSTS)


def _origin(url: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(url)
        return parts.scheme, (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "", "", None
