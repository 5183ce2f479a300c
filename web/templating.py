"""The one Jinja environment: autoescaped, strict about unknown names, with the shop's words for money and time."""

from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from components.content import markdown
from components.foundation import settings
from components.foundation.money import Money
from web import assets

FOLDER = Path(__file__).parent.parent / "templates"


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=FileSystemBytecodeCache(str(_cache_folder())),
    )
    made.filters |= {
        "money": money,
        "plain": plain,
        "day": day,
        "moment": moment,
        "percent_bp": percent,
        "markdown": lambda text: Markup(markdown.html(text)),
    }
    made.globals |= {"asset": assets.address, "shop": Shop()}
    return made


def _cache_folder() -> Path:
    folder = settings.current().data / "template-cache"
    folder.mkdir(exist_ok=True)
    return folder


def render(name: str, context: dict[str, Any]) -> str:
    return environment().get_template(name).render(context)


class Shop:
    """What templates may say of the shop as a whole."""

    @property
    def name(self) -> str:
        return settings.current().shop_name

    @property
    def club_name(self) -> str:
        return settings.current().club_name

    @property
    def tagline(self) -> str:
        return settings.current().shop_tagline

    @property
    def currency(self) -> str:
        return settings.current().currency

    @property
    def country(self) -> str:
        return settings.current().country

    @property
    def base_url(self) -> str:
        return settings.current().base_url

    @property
    def offline_payments(self) -> bool:
        return settings.current().is_offline


def money(amount: int | Money) -> str:
    """ "£12.50", from minor units of the shop's currency or from Money of any."""
    if isinstance(amount, int):
        amount = Money(amount, settings.current().currency)
    return _written(amount.amount, amount.currency, settings.current().locale)


@lru_cache(maxsize=20_000)
def _written(amount: int, currency: str, locale: str) -> str:
    return str(format_currency(Money(amount, currency).decimal, currency, locale=locale))


def plain(amount: int | Money) -> str:
    """ "12.50": the amount as a machine reads it."""
    return amount.plain if isinstance(amount, Money) else Money(amount, settings.current().currency).plain


def percent(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0") + "%" if rest else f"{whole}%"


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(settings.current().time_zone))


def day(at: datetime) -> str:
    """ "3 May 2027", as the shop's own clocks show it."""
    return str(format_date(_local(at), "d MMMM y", locale=settings.current().locale))


def moment(at: datetime) -> str:
    """ "Friday 27 November 2027 at 09:00", as the shop's own clocks show it."""
    return str(format_datetime(_local(at), "EEEE d MMMM y 'at' HH:mm", locale=settings.current().locale))


def warm() -> None:
    """Compile every template now, so that no visitor waits for it and a broken one is known at the start."""
    for name in names():
        environment().get_template(name)


def names() -> list[str]:
    """The shop's own templates. The stand-in for Stripe has an environment of its own."""
    return environment().list_templates(filter_func=lambda name: not name.startswith("standin/"))
