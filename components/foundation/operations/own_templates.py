"""A shop's own templates: a file in the data folder's `templates` is used instead of the built-in one of that name.

One that cannot be read, or breaks when it is used, is passed over: the built-in one is shown, and staff are told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb
from typing import Any

import structlog
from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, TemplateError, TemplateSyntaxError

from components.foundation import database, settings
from components.foundation.database.notifications import listener

CHANNEL = "own_templates"
MOST_TROUBLES = 50
BUILT_IN = Path(__file__).parents[3] / "templates"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """`replaces`: whether there is a built-in one of this name, or it has words or an e-mail of a language. `trouble`
    is "" for one that works."""

    name: str
    replaces: bool
    trouble: str


class _Read:
    version = 0
    is_listening = False


_troubles: dict[str, str] = {}


def folder() -> Path:
    return settings.current().data / "templates"


def names() -> tuple[str, ...]:
    """Every own template, as a template names it: `shop/home/show.html`."""
    home = folder()
    found = (path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file())
    return tuple(sorted(name for name in found if not name.startswith(".")))


def version() -> int:
    """Differs each time the folder was read again: part of the key of kept pages."""
    return _Read.version


def troubles() -> Mapping[str, str]:
    """What is wrong with own templates, as far as this process has seen."""
    return _troubles


def all_own() -> tuple[OwnTemplate, ...]:
    return tuple(OwnTemplate(name, _is_used(name), _troubles.get(name, "")) for name in names())


def _is_used(name: str) -> bool:
    """An e-mail's text in a language replaces the one in English, `emails/<kind>.md`."""
    _, _, kind = name.removeprefix("emails/").partition("/")
    is_email = name.startswith("emails/") and name.endswith(".md") and (BUILT_IN / "emails" / kind).is_file()
    is_words = name.startswith("languages/") and name.endswith(".po")
    return (BUILT_IN / name).is_file() or is_email or is_words


async def start() -> None:
    """Read the folder again whenever staff ask for it, in whichever process."""
    if not _Read.is_listening:
        listener.on(CHANNEL, _heard, after_a_gap=_read_again)
        _Read.is_listening = True


async def read_again() -> None:
    """Every process reads the folder anew."""
    await _read_again()
    await database.execute("SELECT pg_notify($1, '')", CHANNEL)


class LayeredTemplates:
    """Renders own templates before built-in ones. `make` builds an environment over a loader."""

    def __init__(self, make: Callable[[BaseLoader], Environment]) -> None:
        self._make = make
        self._built_in: Environment | None = None
        self._own: Environment | None = None
        self._version = -1

    @property
    def built_in(self) -> Environment:
        if self._built_in is None:
            self._built_in = self._make(FileSystemLoader(BUILT_IN))
        return self._built_in

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        own = self._own_environment()
        if own is None:
            return self.built_in.get_template(name).render(context)
        try:
            return own.get_template(name).render(context)
        except Exception as trouble:
            html = self.built_in.get_template(name).render(context)  # not the own template's fault when this fails too
            _note(_culprit(trouble) or name, trouble)
            return html

    def check(self) -> None:
        """Compile every own template now; what cannot be is noted."""
        own = self._own_environment()
        for name in names() if own else ():
            if name.endswith(".po"):
                continue
            try:
                own.get_template(name)  # type: ignore[union-attr]
            except (TemplateError, UnicodeDecodeError) as trouble:
                _note(name, trouble)

    def _own_environment(self) -> Environment | None:
        if self._version != version():
            loaders = [FileSystemLoader(folder()), FileSystemLoader(BUILT_IN)]
            self._own = self._make(ChoiceLoader(loaders)) if names() else None
            self._version = version()
        return self._own


def _culprit(trouble: Exception) -> str:
    """The own template in which it broke, the innermost first."""
    home = str(folder())
    if isinstance(trouble, TemplateSyntaxError) and trouble.filename:
        broken = [trouble.filename]
    else:
        broken = [frame.f_code.co_filename for frame, _ in walk_tb(trouble.__traceback__)]
    own = [path for path in broken if path.startswith(home)]
    return Path(own[-1]).relative_to(home).as_posix() if own else ""


def note(name: str, trouble: str) -> None:
    """Something is wrong with an own file that is no template."""
    if name in _troubles or len(_troubles) < MOST_TROUBLES:
        _troubles[name] = trouble


def _note(name: str, trouble: Exception) -> None:
    if name not in _troubles and len(_troubles) < MOST_TROUBLES:
        where = f", line {trouble.lineno}" if isinstance(trouble, TemplateSyntaxError) else ""
        _troubles[name] = f"{trouble}{where}"[:300]
        log.warning("an own template is passed over", template=name, trouble=_troubles[name])


async def _read_again() -> None:
    _troubles.clear()
    _Read.version += 1


async def _heard(_payload: str) -> None:
    await _read_again()
