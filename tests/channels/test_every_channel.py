"""What every channel folder must bring, walked over the registry: a folder that lacks something fails here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

import channels
from channels.contract import Channel, Hook, Inbound, Receipt
from channels.email import hooks as mail
from channels.sms import hooks, numbers
from tests.channels.conftest import MAIL, twilio

HERE = Path(channels.__file__).parent


@pytest.fixture
async def adapters(carrier):
    built = channels.build(twilio(carrier) | MAIL | {"smtp_url": carrier.values["smtp_url"]})
    yield built
    for adapter in built.values():
        await adapter.aclose()


async def test_every_folder_is_a_channel_with_its_verbs(adapters):
    assert set(adapters) == set(channels.discover())
    for name, adapter in adapters.items():
        assert isinstance(adapter, Channel)
        assert (adapter.name, bool(adapter.label), adapter.units("hello")) == (name, True, 1)


def test_a_new_folder_is_all_a_channel_needs(database, tmp_path):
    shutil.copytree(HERE, tmp_path / "channels")
    (tmp_path / "channels/pigeon").mkdir()
    shutil.copy(Path(__file__).with_name("pigeon.py"), tmp_path / "channels/pigeon/channel.py")
    (tmp_path / "channels/pigeon/__init__.py").touch()
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{Path(__file__).parents[2]}"}
    command = [sys.executable, "-P", str(Path(__file__).with_name("aviary.py")), database.url, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
    assert done.stdout.strip() == "204 pigeon ['pigeon:reply', 'sms', 3, 'delivered', 7.0]", done.stderr[-2000:]


def test_nothing_is_connected_or_configured_at_import():
    code = "import channels, socket; socket.socket.connect = None; print(sorted(channels.discover()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['email', 'sms', 'web']"


@pytest.mark.parametrize("path", sorted(HERE.glob("sms/samples/*.json")), ids=lambda p: p.stem)
def test_every_sample_of_the_provider_is_an_event(path):
    body = urlencode(json.loads(path.read_text(encoding="utf-8"))).encode()
    form = {"content-type": "application/x-www-form-urlencoded"}
    (event,) = hooks.parse(Hook(method="POST", url="https://x.example/hooks/sms", headers=form, body=body))
    assert isinstance(event, Inbound if path.stem in {"inbound", "stop"} else Receipt)


@pytest.mark.parametrize(("name", "kind"), [("reply", "reply"), ("bounce", "bounce_hard"), ("complaint", "complaint")])
def test_every_sample_mail_is_what_it_is_called(name, kind):
    assert mail.read((HERE / f"email/samples/{name}.eml").read_bytes()).kind == kind


@pytest.mark.parametrize(
    ("written", "stored"),
    [("(415) 555-0134", "+14155550134"), ("415.555.0134", "+14155550134"), ("+44 7911 123456", "+447911123456")],
)
def test_numbers_are_stored_in_one_form(written, stored):
    assert numbers.normalize(written) == stored


@pytest.mark.parametrize(
    "bad", ["", "dana", "911", "12345", "+1 900 555 1234", "1-800-555-1212", "+1 000 555 1234", "1" * 40, "\x00"]
)
def test_what_cannot_take_a_text_is_said_in_a_sentence(bad):
    with pytest.raises(ValueError, match=r"\.$"):
        numbers.normalize(bad)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "outreach", *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_email_read_prints_a_json_line_for_each_file():
    samples = [str(HERE / "email/samples" / name) for name in ("reply.eml", "bounce.eml")]
    done = run("email", "read", *samples)
    first, second = map(json.loads, done.stdout.splitlines())
    assert set(first) >= {
        "file",
        "kind",
        "text",
        "subject_text",
        "lang",
        "bounced",
        "soft_bounced",
        "attachments",
        "problems",
    }
    assert (first["kind"], first["text"], first["lang"]) == ("reply", "I can pay $50 a month.", "en")
    assert (second["kind"], second["bounced"]) == ("bounce_hard", ["dana@mail.example"])
    assert run("email", "read", "/no/such/file").returncode == 1


def test_a_carrier_that_cannot_read_its_faults_says_so(tmp_path):
    faults = tmp_path / "faults.yaml"
    faults.write_text("sms: [{fault: nonsense}]", encoding="utf-8")
    done = run("carrier", "--faults", str(faults))
    assert done.returncode == 1
    assert "fault" in done.stderr
