"""Every template compiles; a view's template uses exactly the fields its view offers."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import fields
from functools import cache

from jinja2 import TemplateError, meta, nodes

import web
from web import templating
from web.views import GIVEN_EVERYWHERE, View

for _found in pkgutil.walk_packages(web.__path__, "web."):
    if not _found.name.startswith("web.standin"):
        importlib.import_module(_found.name)

NAMES = templating.names()


def views(kind: type[View] = View) -> list[type[View]]:
    below = [v for child in kind.__subclasses__() for v in (child, *views(child))]
    return [view for view in below if hasattr(view, "template") and view.__module__.startswith("web.")]


def test_every_template_compiles() -> None:
    assert len(NAMES) > 200
    broken = []
    for name in NAMES:
        try:
            templating.environment().get_template(name)
        except TemplateError as trouble:
            broken.append(f"{name}: {trouble}")
    assert broken == []


@cache
def names_used(name: str) -> frozenset[str]:
    environment = templating.environment()
    source = environment.loader.get_source(environment, name)[0]  # type: ignore[union-attr]
    tree = environment.parse(source)
    used = set(meta.find_undeclared_variables(tree)) - set(environment.globals)
    for found in tree.find_all(nodes.FromImport):
        used -= {name if isinstance(name, str) else name[1] for name in found.names}
    for node in tree.find_all(nodes.Assign):
        used -= {name.name for name in node.target.find_all(nodes.Name)} | {getattr(node.target, "name", "")}
    used -= {macro.name for macro in tree.find_all(nodes.Macro)}
    for kind in (nodes.Extends, nodes.Include):
        for node in tree.find_all(kind):
            if isinstance(node.template, nodes.Const):
                used |= names_used(node.template.value)
    return frozenset(used)


def at_odds(view: type[View]) -> Iterator[str]:
    """Where a view and its template do not agree."""
    offered = {field.name for field in fields(view)}  # type: ignore[arg-type]
    used = names_used(view.template) - GIVEN_EVERYWHERE
    if view.partial:
        used |= names_used(view.partial) - GIVEN_EVERYWHERE
    named = f"{view.__module__}.{view.__qualname__}"
    yield from (f"{named}: {name} is used and not offered" for name in sorted(used - offered))
    yield from (f"{named}: {name} is offered and not used" for name in sorted(offered - used))


def test_a_template_uses_exactly_what_its_view_offers() -> None:
    assert len(views()) > 100
    assert [words for view in views() for words in at_odds(view)] == []
