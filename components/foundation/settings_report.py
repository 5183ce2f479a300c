"""Every setting that the shop runs with, for whoever looks: what it does, its value, and where that was said.

What is secret only says that it is set.
"""

import os
from dataclasses import dataclass, fields

from components.foundation import settings
from components.foundation.doctor import report
from components.foundation.settings import Settings

NAMES = "Names"
MONEY = "Money, place and time"
ORDERS = "Orders and letters"
PAYMENTS = "Payments"
MACHINE = "The machine"
GROUPS = (NAMES, MONEY, ORDERS, PAYMENTS, MACHINE)
WORDS = {
    "shop_name": (NAMES, "The shop’s name on every page and in letters."),
    "shop_tagline": (NAMES, "The line under the name."),
    "club_name": (NAMES, "What the membership programme is called."),
    "currency": (MONEY, "The one currency of all prices. Changing it later converts nothing."),
    "country": (MONEY, "The home country: delivery and tax are shown for it until an address is known."),
    "time_zone": (MONEY, "The shop’s own clock: when a day begins, and how times are shown."),
    "locale": (MONEY, "How amounts and dates are written."),
    "order_prefix": (ORDERS, "Order numbers begin with it."),
    "return_days": (ORDERS, "How many days a purchase may come back. Cashback waits as long."),
    "mail_from": (ORDERS, "The sender of every letter."),
    "smtp_url": (ORDERS, "The server that posts letters. Without one they are kept under Letters."),
    "stripe_secret_key": (PAYMENTS, "Stripe’s key. Without one the practice bank answers and no money moves."),
    "stripe_webhook_secret": (PAYMENTS, "What Stripe signs its news with."),
    "install_id": (PAYMENTS, "Marks what this shop makes at Stripe, so that two shops may share an account."),
    "base_url": (MACHINE, "The address people use: in letters, redirects and cookies."),
    "environment": (MACHINE, "In production the shop refuses to start without Stripe’s key and https."),
    "host": (MACHINE, "The address to listen on."),
    "port": (MACHINE, "The port to listen on."),
    "workers": (MACHINE, "Processes that answer requests."),
    "log_level": (MACHINE, "How much is written to the log."),
    "database_url": (MACHINE, "The database. Without one the shop runs its own in the data folder."),
    "read_database_urls": (MACHINE, "Copies of the database that are only read."),
    "database_pool": (MACHINE, "Connections of each process to the database."),
    "secret_key": (MACHINE, "Signs previews, sign-in codes and the notes that a page leaves for the next."),
    "trusted_proxies": (MACHINE, "Proxies whose word on a visitor’s address is believed."),
    "clubfront_data": (MACHINE, "The folder of pictures, secrets and everything else beside the database."),
}
_KEPT = frozenset({"secret_key", "stripe_webhook_secret", "install_id"})


@dataclass(frozen=True, slots=True)
class SettingReport:
    """`where` says where its value comes from."""

    name: str
    value: str
    where: str
    words: str


def all_settings() -> tuple[tuple[str, tuple[SettingReport, ...]], ...]:
    """All of them, in their groups."""
    values = dict(report(settings.current()))
    rows = [(WORDS[one.name][0], _told(one.name, values)) for one in fields(Settings)]
    return tuple((group, tuple(row for of, row in rows if of == group)) for group in GROUPS)


def _told(name: str, values: dict[str, str]) -> SettingReport:
    return SettingReport(name.upper(), values[name.upper()], _where(name), WORDS[name][1])


def _where(name: str) -> str:
    if os.environ.get(name.upper(), "").strip():
        return "The environment"
    if name in _KEPT:
        return "Made once, kept in the data folder"
    if name == "base_url":
        return "From host and port"
    return "Not set: the default"
