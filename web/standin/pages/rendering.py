"""Templates and the stylesheet, read once."""

import functools
import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.standin.http.hosts import MOUNT
from web.standin.pages import page_words
from web.standin.state.clock import as_instant

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class HtmlPage:
    """The response: HTML, or with `location` a redirect."""

    status: int = 200
    html: str = ""
    location: str | None = None


@functools.cache
def environment() -> Environment:
    loader = FileSystemLoader(ROOT / "templates" / "standin")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals |= {"instant": _instant, "thousands": "{:,}".format}
    made.globals |= {"mount": MOUNT, "stylesheet": f"{MOUNT}/{stylesheet_name()}"}
    return made


def _instant(seconds: int | datetime) -> str:
    moment = seconds if isinstance(seconds, datetime) else as_instant(seconds)
    return moment.strftime("%-d %b %Y, %H:%M UTC")


@functools.cache
def stylesheet() -> bytes:
    return (ROOT / "static" / "css" / "standin" / "pages.css").read_bytes()


@functools.cache
def stylesheet_name() -> str:
    return f"standin.{hashlib.sha256(stylesheet()).hexdigest()[:8]}.css"


def page(template: str, *, status: int = 200, locale: str | None = None, **fields: Any) -> HtmlPage:
    """In the language of `locale` where the template's words are translated."""
    spoken = page_words.of(locale).fields
    return HtmlPage(status, environment().get_template(template).render({**spoken, **fields}))


def redirect(location: str) -> HtmlPage:
    return HtmlPage(303, location=location)


def missing() -> HtmlPage:
    return page("missing.html", status=404)
