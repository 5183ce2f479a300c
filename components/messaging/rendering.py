"""Rendering an e-mail's template and fields as HTML and plain text. The templates are in templates/emails/."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from components.brand import email_look
from components.brand.email_look import EmailLook
from components.foundation import formatting, settings
from components.foundation.shop_settings import shop_settings

FOLDER = Path(__file__).parent.parent.parent / "templates"


@dataclass(frozen=True, slots=True)
class _Shop:
    name: str
    club_name: str
    base_url: str
    look: EmailLook


def render(template: str, fields: Mapping[str, Any]) -> tuple[str, str]:
    """HTML and plain text of templates/emails/`template`. Raises Jinja's errors: nothing is created in part."""
    given = {**fields, "shop": _shop()}
    html = _environment().get_template(f"emails/{template}.html").render(given)
    text = _environment().get_template(f"emails/{template}.txt").render(given)
    return html, text.strip() + "\n"


def _shop() -> _Shop:
    known = shop_settings.current()
    return _Shop(known.shop_name, known.club_name, settings.current().base_url, email_look.look(known))


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
    made.filters |= {"money": formatting.money, "day": formatting.day, "moment": formatting.moment}
    return made
