"""The settings of the machine, read from the environment once; see `docs/operating.md`."""

import os
import secrets
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from components.foundation.operations import backup_settings
from components.foundation.operations.buckets import Bucket
from components.foundation.secrecy import kept_stripe_key, secret_files
from components.foundation.secrecy.secret_files import SecretUnreadable

NONE = "none"
"""Said in TRUSTED_PROXIES: nothing stands in front of the shop."""

Network = IPv4Network | IPv6Network

OFFLINE_SECRET = "webhook-secret"
"""The file in the data folder with the secret that the payment stand-in signs with."""

LAST_PORT = 65_535
LOG_LEVELS = ("debug", "info", "warning", "error")


class BadSetting(Exception):
    """An invalid setting; the message names it and says what is valid."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every field is the environment variable of the same name in capitals."""

    clubfront_data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    environment: str = "development"
    log_level: str = "info"
    workers: int = 1
    database_url: str = ""
    pooled_database_url: str = ""
    database_pool: int = 10
    pictures_to: str = ""
    pictures_endpoint: str = ""
    pictures_region: str = "us-east-1"
    pictures_key_id: str = ""
    pictures_key: str = ""
    secret_key: str = ""
    former_secret_keys: tuple[str, ...] = ()
    stripe_secret_key: str = ""
    stripe_webhook_secret: str = ""
    smtp_url: str = ""
    trusted_proxies: tuple[str, ...] = ()
    metrics_token: str = ""
    metrics_from: tuple[str, ...] = ()
    practice_pages: str = "machine"
    hsts_subdomains: str = "no"
    staff_second_factor: str = ""
    staff_idle_hours: int = 0
    refund_confirm_above: int = 100
    install_id: str = field(default="")
    backup_to: str = ""
    backup_endpoint: str = ""
    backup_region: str = "us-east-1"
    backup_key_id: str = ""
    backup_key: str = ""
    backup_passphrase: str = ""
    backup_keep_days: int = 7
    backup_keep_weeks: int = 5
    backup_keep_months: int = 12

    @property
    def data(self) -> Path:
        return self.clubfront_data

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The secret of today first, then those it replaced."""
        return (self.secret_key, *self.former_secret_keys)

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def takes_real_money(self) -> bool:
        return self.is_production or self.stripe_secret_key.startswith(("sk_live_", "rk_live_"))

    @cached_property
    def proxy_networks(self) -> tuple[Network, ...]:
        return () if self.trusted_proxies == (NONE,) else _networks("TRUSTED_PROXIES", self.trusted_proxies)

    @cached_property
    def metrics_networks(self) -> tuple[Network, ...]:
        return _networks("METRICS_FROM", self.metrics_from)

    @property
    def is_offline(self) -> bool:
        """Without a Stripe key the payment stand-in answers."""
        return not self.stripe_secret_key

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def requires_second_factor(self) -> bool:
        """Whether staff must set up a second factor before anything else."""
        return self.staff_second_factor == "required"

    @property
    def makes_backups(self) -> bool:
        """Whether the worker makes them."""
        return self.backup_to not in {"", backup_settings.NONE}

    @property
    def backup_bucket(self) -> Bucket:
        """Where backups go, unless that is a folder."""
        return Bucket(
            to=self.backup_to, endpoint=self.backup_endpoint, region=self.backup_region, key_id=self.backup_key_id,
            key=self.backup_key,
        )  # fmt: skip

    @property
    def pictures_bucket(self) -> Bucket:
        return Bucket(
            to=self.pictures_to, endpoint=self.pictures_endpoint, region=self.pictures_region,
            key_id=self.pictures_key_id, key=self.pictures_key,
        )  # fmt: skip

    @property
    def uses_embedded_database(self) -> bool:
        return not self.database_url


@cache
def current() -> Settings:
    """The settings of this process. Raises `BadSetting`."""
    given = _from_environment()
    data = Path(os.environ.get("CLUBFRONT_DATA") or "data").expanduser().resolve()
    _make_writable(data)
    host, port = given.get("host", "127.0.0.1"), given.get("port", 8000)
    given.setdefault("base_url", f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}")
    given["base_url"] = str(given["base_url"]).rstrip("/")
    given.setdefault("secret_key", _kept(data / "secret-key", secrets.token_urlsafe(48)))
    if "stripe_secret_key" not in given and (typed := kept_stripe_key.at_start(data)):
        given["stripe_secret_key"] = typed
    if "stripe_secret_key" not in given:
        given.setdefault("stripe_webhook_secret", _kept(data / OFFLINE_SECRET, f"whsec_{secrets.token_hex(24)}"))
    is_live = given.get("environment") == "production"
    given.setdefault("staff_second_factor", "required" if is_live else "optional")
    given.setdefault("staff_idle_hours", 12 if "stripe_secret_key" in given else 24 * 30)
    given.setdefault("install_id", _kept(data / "install-id", str(uuid4())))
    settings = Settings(clubfront_data=data, **given)  # type: ignore[arg-type]
    _check(settings)
    return settings


def refuse_to_serve() -> None:
    """Raises `BadSetting` for what only matters when the shop is opened, and a command may be about to mend."""
    known = current()
    if known.is_production and not known.stripe_webhook_secret:
        raise BadSetting(
            "In production STRIPE_WEBHOOK_SECRET is required: without it every webhook from Stripe is refused. "
            "Run `clubfront stripe connect`, which makes the endpoint and prints its signing secret."
        )


def offline_webhook_secret(data: Path) -> str | None:
    """The secret made up for offline payments; None when there is none."""
    path = data / OFFLINE_SECRET
    return path.read_text().strip() if path.is_file() else None


def _from_environment() -> dict[str, object]:
    given: dict[str, object] = {}
    for known in fields(Settings):
        written = _written(known.name)
        if not written or known.name == "clubfront_data":
            continue
        if known.type is int:
            given[known.name] = _whole(known.name, written)
        elif known.type == tuple[str, ...]:
            given[known.name] = tuple(part.strip() for part in written.split(",") if part.strip())
        else:
            given[known.name] = written.lower() if known.name == "log_level" else written
    return given


def _written(name: str) -> str:
    try:
        return secret_files.given(name)
    except SecretUnreadable as trouble:
        raise BadSetting(str(trouble)) from None


def _whole(name: str, written: str) -> int:
    if not written.isdigit():
        raise BadSetting(f"{name.upper()} must be a whole number, not “{written}”.")
    return int(written)


def _make_writable(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / ".writable"
        probe.write_text("")
        probe.unlink()
    except OSError as trouble:
        raise BadSetting(f"The data folder {data} is not writable: {trouble.strerror}.") from None


def _kept(path: Path, fresh: str) -> str:
    """A value created once and stored in the data folder, readable by its owner only."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
            kept.write(fresh)
        return fresh
    except FileExistsError:
        return path.read_text().strip()


def _check(settings: Settings) -> None:
    if settings.environment not in {"development", "production"}:
        raise BadSetting("ENVIRONMENT must be development or production.")
    for name in ("database_url", "pooled_database_url"):
        _check_database_address(name.upper(), getattr(settings, name))
    if settings.pooled_database_url and not settings.database_url:
        raise BadSetting(
            "POOLED_DATABASE_URL needs DATABASE_URL too: PostgreSQL itself, where processes listen for changes."
        )
    _check_machine(settings)
    in_bucket = settings.pictures_bucket.trouble("PICTURES") if settings.pictures_to else ""
    if wrong := in_bucket or backup_settings.trouble(settings):
        raise BadSetting(wrong)
    if settings.is_production and settings.is_offline:
        raise BadSetting("In production STRIPE_SECRET_KEY is required: offline test payments take no real money.")
    if settings.is_production and not settings.is_https:
        raise BadSetting("In production BASE_URL must start with https://.")

    _ = settings.proxy_networks, settings.metrics_networks
    if settings.practice_pages not in {"machine", "network"}:
        raise BadSetting("PRACTICE_PAGES must be machine or network.")
    if settings.hsts_subdomains not in {"yes", "no"}:
        raise BadSetting("HSTS_SUBDOMAINS must be yes or no.")


def _networks(name: str, written: tuple[str, ...]) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(one, strict=False) for one in written)
    except ValueError as trouble:
        raise BadSetting(f"{name} must be addresses or networks such as 10.0.0.0/8: {trouble}.") from None


def _check_database_address(name: str, address: str) -> None:
    """PostgreSQL's addresses may name several hosts, each with its port."""
    if address and not address.startswith(("postgres://", "postgresql://")):
        raise BadSetting(f"{name} must be a PostgreSQL address: postgresql://user:password@host:5432/name.")
    for host in urlsplit(address).netloc.rpartition("@")[2].split(","):
        port = "" if host.endswith("]") else host.rpartition(":")[2] if ":" in host else ""
        if port and not (port.isdigit() and 0 < int(port) <= LAST_PORT):
            raise BadSetting(f"{name} names the port “{port}”: a port is a number from 1 to {LAST_PORT}.")


def _check_machine(settings: Settings) -> None:
    if not 0 < settings.port <= LAST_PORT:
        raise BadSetting(f"PORT must be a number from 1 to {LAST_PORT}, not {settings.port}.")
    if settings.log_level not in LOG_LEVELS:
        raise BadSetting(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, not “{settings.log_level}”.")
    if settings.staff_second_factor not in {"required", "optional"}:
        raise BadSetting("STAFF_SECOND_FACTOR must be required or optional.")
    for name in ("workers", "database_pool", "staff_idle_hours"):
        if getattr(settings, name) < 1:
            raise BadSetting(f"{name.upper()} must be 1 or more.")
