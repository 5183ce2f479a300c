"""Rendering an e-mail's template and fields as HTML and plain text. The templates are in templates/emails/."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined
from markupsafe import Markup

from components.brand import email_look
from components.brand.email_look import EmailLook
from components.foundation import formatting, settings
from components.foundation.languages import template_words
from components.foundation.operations.own_templates import LayeredTemplates
from components.foundation.shop_settings import shop_settings
from components.messaging.company_lines import company_lines
from components.messaging.texts.written_email import WrittenEmail


@dataclass(frozen=True, slots=True)
class AttachedText:
    """A text of the shop's that stands whole below an e-mail, such as the terms of an order."""

    title: str
    html: Markup
    text: str


@dataclass(frozen=True, slots=True)
class _Shop:
    name: str
    club_name: str
    base_url: str
    look: EmailLook
    company: tuple[str, ...]
    attached: tuple[AttachedText, ...]


_attached: ContextVar[tuple[AttachedText, ...]] = ContextVar("what stands below the e-mail", default=())


@contextmanager
def attaching(texts: tuple[AttachedText, ...]) -> Iterator[None]:
    """Inside, these stand below whatever is rendered, whoever wrote its text."""
    token = _attached.set(texts)
    try:
        yield
    finally:
        _attached.reset(token)


def render(template: str, fields: Mapping[str, Any]) -> tuple[str, str]:
    """HTML and plain text of templates/emails/`template`. Raises Jinja's errors: nothing is created in part."""
    given = {**fields, "shop": _shop()}
    html = _TEMPLATES.render(f"emails/{template}.html", given)
    text = _TEMPLATES.render(f"emails/{template}.txt", given)
    return html, text.strip() + "\n"


def render_written(template: str, written: WrittenEmail, *, giver: str, unsubscribe: str = "") -> tuple[str, str]:
    """HTML and plain text of what staff wrote, within the layout and with the last sentence of the built-in one.

    `unsubscribe` is the address that ends such e-mails. An own template that has no place for it is passed over.
    """
    given = {"written": written, "giver": giver, "unsubscribe": unsubscribe, "shop": _shop()}
    html = _within(f"emails/{template}.html", "layouts/edited_email.html", given, str(written.html))
    text = _within(f"emails/{template}.txt", "layouts/edited_email.txt", given, written.text)
    return html, text.strip() + "\n"


def _within(parent: str, layout: str, given: Mapping[str, Any], words: str) -> str:
    made = _TEMPLATES.render(layout, {**given, "parent": parent})
    if words in made:
        return made
    return environment().get_template(layout).render({**given, "parent": parent})


def _shop() -> _Shop:
    known = shop_settings.current()
    return _Shop(
        known.shop_name,
        formatting.club_name(),
        settings.current().base_url,
        email_look.look(known),
        company_lines(known),
        _attached.get(),
    )


def _made(loader: BaseLoader) -> Environment:
    made = Environment(
        loader=loader,
        autoescape=lambda name: name is None or not name.endswith(".txt"),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    template_words.install(made)
    made.globals |= {"spoken": template_words.Spoken()}
    made.filters |= {"money": formatting.money, "day": formatting.day, "moment": formatting.moment}
    return made


_TEMPLATES = LayeredTemplates(_made)


def environment() -> Environment:
    """That of the built-in templates."""
    return _TEMPLATES.built_in
