"""What `doctor` says of a shop's own templates: how many there are, and which cannot be read."""

from collections.abc import AsyncIterator

from jinja2 import Environment, TemplateSyntaxError

from components.foundation.operations import own_templates
from components.foundation.operations.doctor import Finding

KINDS = (".html", ".txt")


async def examine() -> AsyncIterator[Finding]:
    """Nothing where there are none. Whether one has all it names only shows when it is used: Settings says that."""
    names = own_templates.names()
    if not names:
        return
    wrong = [f"{name}: {words}" for name in names if name.endswith(KINDS) and (words := _trouble(name))]
    if wrong:
        yield Finding("templates", f"Passed over, the built-in ones are used: {'; '.join(wrong)}", is_well=False)
    else:
        yield Finding("templates", f"{len(names)} of your own in {own_templates.folder()}")


def _trouble(name: str) -> str:
    try:
        source = (own_templates.folder() / name).read_text(encoding="utf-8")
        Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(source)
    except TemplateSyntaxError as trouble:
        return f"{trouble.message}, line {trouble.lineno}"
    except (OSError, UnicodeDecodeError) as trouble:
        return str(trouble)
    return ""
