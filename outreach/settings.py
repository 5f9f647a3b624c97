"""Every setting once, typed, with its help. Environment variables, prefix `OUTREACH_`; `.env.example` is made from this file."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from outreach.errors import OutreachError


class SettingsError(OutreachError):
    """A setting is missing or wrong."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="OUTREACH_", env_file=".env", extra="ignore")

    database_url: str = Field("", description="PostgreSQL 15 or newer; unset: an embedded one under DATA_DIR")
    data_dir: Path = Field(Path(".outreach"), description="Embedded database, secret key, caches, uploads")
    public_url: str = Field("", description="How the world reaches this service; unset: http://HOST:PORT")
    host: str = Field("127.0.0.1", description="Address the web server listens on")
    port: int = Field(8000, description="Port the web server listens on")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs cookies, links and audit heads; unset: made once in DATA_DIR"
    )

    twilio_account_sid: str = Field("", description="Account that owns the messaging service; unset: SMS is off")
    twilio_auth_token: SecretStr = Field(SecretStr(""), description="Signs requests both ways")
    twilio_auth_token_next: SecretStr = Field(SecretStr(""), description="Second token accepted while rotating")
    twilio_messaging_service_sid: str = Field("", description="Messaging service that picks the sender")
    twilio_base_url: str = Field("", description="Unset: Twilio's own; else a server that speaks its API")
    smtp_url: SecretStr = Field(
        SecretStr(""), description="smtp[s]://user:pass@host:port?starttls=true; unset: email is off"
    )
    mail_from: str = Field("", description="From address of every mail; its name must not reveal a debt")
    mail_domain: str = Field("", description="Domain of Message-IDs and reply addresses")
    bounce_domain: str = Field("", description="Domain of VERP envelope senders; unset: MAIL_DOMAIN")
    dkim_selector: str = Field("", description="With DKIM_KEY_FILE: sign here rather than at the relay")
    dkim_key_file: str = Field("", description="PEM private key, RSA 2048 bit or Ed25519")
    imap_url: SecretStr = Field(SecretStr(""), description="imaps://user:pass@host/INBOX: read inbound mail there")
    lmtp_listen: str = Field("", description="host:port on which inbound mail is taken by LMTP")

    dialog_engine: Literal["embedded", "rasa"] = Field("embedded", description="Who holds the dialog's turns")
    rasa_url: str = Field("", description="Rasa server, with DIALOG_ENGINE=rasa")

    company_name: str = Field(
        "Harbor Point Recovery LLC", description="True business name, as licensed (12 CFR 1006.18)"
    )
    company_address: str = Field(
        "100 Harbor Way, Suite 400, Columbus, OH 43215", description="Postal and dispute address"
    )
    company_phone: str = Field("+1 614 555 0100", description="Answered by people in office hours")
    company_email: str = Field("help@harborpoint.example", description="Answered by people")
    company_web: str = Field("harborpoint.example", description="Where a doubtful person can check independently")
    company_licences: str = Field(
        "CA:10101-99,NYC:2099999", description="STATE:number, comma separated; shown where law demands"
    )

    sms_segments_per_second: float = Field(10.0, description="Token bucket of the SMS lane, whole cluster")
    email_per_second: float = Field(50.0, description="Token bucket of the email lane, whole cluster")
    contact_cap_day: int = Field(
        1, description="Unsolicited messages to one person a day, all channels; 0: no cap (CV-08)"
    )
    contact_cap_week: int = Field(3, description="Unsolicited messages to one person in seven days; 0: no cap (CV-08)")
    open_question_hours: int = Field(
        72, description="An unanswered question, offer or plan older than this opens a case"
    )

    now: datetime | None = Field(
        None, description="The service's clock starts at this instant and runs on; loopback carriers only"
    )
    lease_seconds: float = Field(45.0, description="How long an attempt may take before it is called unknown")
    reconcile_seconds: float = Field(60.0, description="How soon and how often an unknown attempt is asked about")
    drain_seconds: float = Field(20.0, description="How long a stopping worker may finish what it holds")
    worker_concurrency: int = Field(200, description="Sends in flight in one worker")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
    log_format: Literal["console", "json"] = Field("console", description="json for machines")

    @property
    def base_url(self) -> str:
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def local_carrier(self) -> bool:
        """Both carriers are on loopback: the sandbox page and OUTREACH_NOW are allowed."""
        hosts = [urlsplit(self.twilio_base_url).hostname, urlsplit(self.smtp_url.get_secret_value()).hostname]
        configured = [bool(self.twilio_account_sid), bool(self.smtp_url.get_secret_value())]
        return all(_loopback(host) for host, on in zip(hosts, configured, strict=True) if on)

    @property
    def development(self) -> bool:
        """Nobody outside is reached and nobody comes in over TLS: webhooks may go to loopback, without TLS."""
        return self.local_carrier and not self.base_url.startswith("https")

    def licences(self) -> dict[str, str]:
        pairs = (item.partition(":") for item in self.company_licences.split(",") if item.strip())
        return {state.strip(): number.strip() for state, _, number in pairs}

    def values(self) -> dict[str, str]:
        """Plain strings by field name, for the channels: secrets opened, empty where unset."""
        plain = {k: v.get_secret_value() if isinstance(v, SecretStr) else v for k, v in dict(self).items()}
        return {k: "" if v is None else str(v) for k, v in plain.items()} | {"public_url": self.base_url}


def _loopback(host: str | None) -> bool:
    if not host:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@lru_cache
def get() -> Settings:
    """The process's settings. Raises SettingsError with a sentence naming the variable."""
    try:
        settings = Settings()
    except ValueError as error:
        raise SettingsError(f"A setting cannot be read: {error}") from error
    if settings.now is not None:
        if settings.now.tzinfo is None:
            raise SettingsError("OUTREACH_NOW needs an offset, for example 2026-03-11T10:30:00-04:00.")
        if not settings.local_carrier:
            raise SettingsError("OUTREACH_NOW is refused while a carrier is not on loopback. Unset it.")
    return settings


def example() -> str:
    """`.env.example`: every setting with its help and default."""
    lines = ["# Every setting of the service. Copy to .env and uncomment what you change. Made by `make env`."]
    for name, field in Settings.model_fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        lines += ["", f"# {field.description}", f"# OUTREACH_{name.upper()}={'' if default is None else default}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(example(), end="")
