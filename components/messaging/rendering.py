"""Rendering an e-mail's template and fields as HTML and plain text. The templates are in templates/emails/."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined

from components.brand import email_look
from components.brand.email_look import EmailLook
from components.foundation import formatting, settings
from components.foundation.operations.own_templates import LayeredTemplates
from components.foundation.shop_settings import shop_settings


@dataclass(frozen=True, slots=True)
class _Shop:
    name: str
    club_name: str
    base_url: str
    look: EmailLook


def render(template: str, fields: Mapping[str, Any]) -> tuple[str, str]:
    """HTML and plain text of templates/emails/`template`. Raises Jinja's errors: nothing is created in part."""
    given = {**fields, "shop": _shop()}
    html = _TEMPLATES.render(f"emails/{template}.html", given)
    text = _TEMPLATES.render(f"emails/{template}.txt", given)
    return html, text.strip() + "\n"


def _shop() -> _Shop:
    known = shop_settings.current()
    return _Shop(known.shop_name, known.club_name, settings.current().base_url, email_look.look(known))


def _made(loader: BaseLoader) -> Environment:
    made = Environment(
        loader=loader,
        autoescape=lambda name: name is None or not name.endswith(".txt"),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"money": formatting.money, "day": formatting.day, "moment": formatting.moment}
    return made


_TEMPLATES = LayeredTemplates(_made)


def environment() -> Environment:
    """That of the built-in templates."""
    return _TEMPLATES.built_in
