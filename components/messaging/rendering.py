"""Rendering an e-mail's template and fields as HTML and plain text. The templates are in templates/letters/."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from components.foundation import settings
from components.foundation.money import Money

FOLDER = Path(__file__).parent.parent.parent / "templates"


@dataclass(frozen=True, slots=True)
class _Shop:
    name: str
    club_name: str
    base_url: str


def rendered(template: str, fields: Mapping[str, Any]) -> tuple[str, str]:
    """HTML and plain text of templates/letters/`template`. Raises Jinja's errors: nothing is created in part."""
    known = settings.current()
    given = {**fields, "shop": _Shop(known.shop_name, known.club_name, known.base_url)}
    html = _environment().get_template(f"letters/{template}.html").render(given)
    text = _environment().get_template(f"letters/{template}.txt").render(given)
    return html, text.strip() + "\n"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=lambda name: name is None or not name.endswith(".txt"),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"money": _money, "day": _day, "moment": _moment}
    return made


def _money(amount: Money) -> str:
    return str(format_currency(amount.decimal, amount.currency, locale=settings.current().locale))


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(settings.current().time_zone))


def _day(at: datetime) -> str:
    return str(format_date(_local(at), "d MMMM y", locale=settings.current().locale))


def _moment(at: datetime) -> str:
    return str(format_datetime(_local(at), "EEEE d MMMM y 'at' HH:mm", locale=settings.current().locale))
