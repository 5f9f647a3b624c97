"""Postfix and Dovecot as children of a test: own folders, own ports on loopback, nothing of the system's touched."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

#: where distributions put what is not for users
PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/sbin"))

POSTFIX = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/mail.log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.harbor.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
relay_domains = mail.fairview.example, bounces.fairview.example, mail.example, dead.example
transport_maps = inline:{{ {{ mail.fairview.example = lmtp:inet:127.0.0.1:{lmtp} }},
  {{ bounces.fairview.example = lmtp:inet:127.0.0.1:{lmtp} }},
  {{ dead.example = error:5.1.1 no such user here }}, {{ mail.example = discard: }} }}
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ later@mail.example = 450 4.2.1 Try again later }},
  {{ nobody@mail.example = 550 5.1.1 User unknown }} }}, permit_mynetworks, reject
lmtp_assume_final = yes
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
DOVECOT = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_login_user = {user}
default_internal_user = {user}
first_valid_uid = 1
mail_location = maildir:{home}/mail
mailbox_idle_check_interval = 1 secs
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


def needed(name: str) -> str:
    """Where a program lies; the test is left out, saying why, where it does not."""
    found = shutil.which(name, path=PLACES)
    if found is None:
        pytest.skip(f"{name} is not installed: apt-get install postfix dovecot-imapd opendkim")
    if os.geteuid():
        pytest.skip(f"{name} starts as root only")
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """One that other users of the machine may enter, as the programs' own are."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextlib.asynccontextmanager
async def postfix(*, lmtp: int) -> AsyncIterator[int]:
    """A relay that hands mail for us to LMTP on that port; its own port."""
    program, port = needed("postfix"), free_port()
    with open_folder() as home:
        (home / "queue").mkdir()
        (home / "data").mkdir()
        shutil.chown(home / "data", "postfix", "postfix")
        (home / "main.cf").write_text(POSTFIX.format(home=home, lmtp=lmtp), encoding="utf-8")
        (home / "master.cf").write_text(MASTER.format(port=port), encoding="utf-8")
        try:
            async with _running(program, "-c", str(home), "start-fg", port=port, log=home / "mail.log"):
                yield port
        finally:
            pid = home / "queue/pid/master.pid"  # it has a session of its own
            with contextlib.suppress(OSError, ValueError):
                os.kill(int(await asyncio.to_thread(_read, pid)), signal.SIGTERM)


@contextlib.asynccontextmanager
async def dovecot() -> AsyncIterator[tuple[int, Path]]:
    """A server with one mailbox, password `secret`; its port and the mailbox."""
    program, port = needed("dovecot"), free_port()
    with open_folder() as home:
        mailbox = home / "mail"
        for part in (home / "run", mailbox, *(mailbox / name for name in ("cur", "new", "tmp"))):
            part.mkdir()
        for path in (home, *mailbox.rglob("*"), mailbox):
            shutil.chown(path, "mail", "mail")
        configuration = DOVECOT.format(home=home, port=port, user="mail", group="mail")
        (home / "dovecot.conf").write_text(configuration, encoding="utf-8")
        async with _running(program, "-F", "-c", str(home / "dovecot.conf"), port=port, log=home / "dovecot.log"):
            yield port, mailbox


@contextlib.asynccontextmanager
async def _running(*command: str, port: int, log: Path) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL, start_new_session=True)
    try:
        async with asyncio.timeout(20):
            while not await _listening(port):  # other programs tell nobody
                assert process.returncode is None, await asyncio.to_thread(_read, log)
                await asyncio.sleep(0.1)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)  # a session of its own
        await process.wait()


def _read(log: Path) -> str:
    return log.read_text(encoding="utf-8") if log.exists() else "it ended without a word"


async def _listening(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
