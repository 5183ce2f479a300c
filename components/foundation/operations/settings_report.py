"""Every setting of the machine: what it does, its value, and where that comes from.

Secrets only say that they are set.
"""

from dataclasses import dataclass, fields

from components.foundation import settings
from components.foundation.operations.doctor import report
from components.foundation.secrecy import secret_files
from components.foundation.settings import Settings

EMAILS = "E-mails"
PAYMENTS = "Payments"
MACHINE = "Server"
BACKUPS = "Backups"
GROUPS = (EMAILS, PAYMENTS, BACKUPS, MACHINE)
WORDS = {
    "smtp_url": (EMAILS, "The mail server. Without one, e-mails are not sent and only listed under E-mails."),
    "stripe_secret_key": (
        PAYMENTS,
        "Your Stripe key. Without one, the shop uses offline test payments and takes no real money.",
    ),
    "stripe_webhook_secret": (
        PAYMENTS,
        "The signing secret of the webhook endpoint. `clubfront stripe connect` makes the endpoint and prints it.",
    ),
    "install_id": (PAYMENTS, "Marks this shop’s objects in Stripe, so that two shops can share an account."),
    "backup_to": (
        BACKUPS,
        "Where a backup is put each night: a folder, or s3://bucket/folder. “none”: you make them in another way.",
    ),
    "backup_endpoint": (BACKUPS, "The address of an S3-compatible service. Without one it is Amazon’s."),
    "backup_region": (BACKUPS, "The region of the bucket."),
    "backup_key_id": (BACKUPS, "The id of the key that may read, write, list and delete in the bucket."),
    "backup_key": (BACKUPS, "The secret of that key."),
    "backup_passphrase": (BACKUPS, "Encrypts each backup. Keep it elsewhere too: without it no backup opens."),
    "backup_keep_days": (BACKUPS, "For how many days the newest backup of each is kept."),
    "backup_keep_weeks": (BACKUPS, "For how many weeks the newest backup of each is kept."),
    "backup_keep_months": (BACKUPS, "For how many months the newest backup of each is kept."),
    "base_url": (MACHINE, "The public address of the shop, used in e-mails, redirects and cookies."),
    "environment": (
        MACHINE,
        "In production the shop needs a Stripe key, a webhook secret, https, a mail server and named proxies to start.",
    ),
    "host": (MACHINE, "The address to listen on."),
    "port": (MACHINE, "The port to listen on."),
    "workers": (MACHINE, "The number of server processes."),
    "log_level": (MACHINE, "The level of detail of the log."),
    "pictures_to": (MACHINE, "The bucket with all pictures, for a shop on several machines."),
    "pictures_endpoint": (MACHINE, "The address of an S3-compatible service. Empty: Amazon’s."),
    "pictures_region": (MACHINE, "The region of that bucket."),
    "pictures_key_id": (MACHINE, "The key to that bucket."),
    "pictures_key": (MACHINE, "The secret of that key."),
    "pooled_database_url": (MACHINE, "PgBouncer in front of the database, lending connections for transactions."),
    "database_url": (MACHINE, "The database. Without one, the shop runs its own in the data folder."),
    "database_pool": (MACHINE, "Database connections per process."),
    "secret_key": (
        MACHINE,
        "Signs previews, sign-in codes and order links, and encrypts what waits to be e-mailed and the secrets of "
        "authenticator apps.",
    ),
    "former_secret_keys": (
        MACHINE,
        "Keys that SECRET_KEY replaced. What they signed stays valid while they are named.",
    ),
    "trusted_proxies": (
        MACHINE,
        "Addresses or networks of proxies trusted to report the visitor’s address, or “none”.",
    ),
    "metrics_token": (MACHINE, "What your monitoring sends to read /metrics, as “Authorization: Bearer …”."),
    "metrics_from": (MACHINE, "Networks from which /metrics is read without a token."),
    "practice_pages": (
        MACHINE,
        "Whether a practice shop’s mailbox and controls answer only this machine, or its network too.",
    ),
    "hsts_subdomains": (MACHINE, "Whether browsers are told to use https for the subdomains of this address as well."),
    "staff_second_factor": (
        MACHINE,
        "Whether staff must set up a second factor (a passkey or an app with codes) before they can do anything.",
    ),
    "staff_idle_hours": (MACHINE, "After how many hours without use staff are signed out."),
    "refund_confirm_above": (
        MACHINE,
        "Staff who give back more than this within a day, in whole units of the currency, confirm that it is them.",
    ),
    "clubfront_data": (MACHINE, "The folder for pictures, secrets and other files."),
}
_KEPT = frozenset({"secret_key", "stripe_webhook_secret", "install_id"})


@dataclass(frozen=True, slots=True)
class SettingReport:
    """`where` is the source of the value."""

    name: str
    value: str
    where: str
    words: str


def all_settings() -> tuple[tuple[str, tuple[SettingReport, ...]], ...]:
    """All settings, in their groups."""
    values = dict(report(settings.current()))
    rows = [(WORDS[one.name][0], _told(one.name, values)) for one in fields(Settings)]
    return tuple((group, tuple(row for of, row in rows if of == group)) for group in GROUPS)


def _told(name: str, values: dict[str, str]) -> SettingReport:
    return SettingReport(name.upper(), values[name.upper()], _where(name), WORDS[name][1])


def _where(name: str) -> str:
    if secret_files.file_of(name):
        return "File named in the environment"
    if secret_files.given(name):
        return "Environment variable"
    if name == "stripe_secret_key" and settings.current().stripe_secret_key:
        return "Typed in the shop, stored in the data folder"
    if name in _KEPT and getattr(settings.current(), name):
        return "Generated, stored in the data folder"
    if name == "base_url":
        return "From HOST and PORT"
    return "Not set (default)"
