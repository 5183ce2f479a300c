"""The words of templates: `_`, `n_`, `p_` and `{% trans %}`, and what a layout says of the language."""

from typing import Any

from jinja2 import Environment

from components.foundation.languages import catalogues, language

PRIVATE = ("/account", "/basket", "/checkout", "/orders", "/sign-in", "/search")


def install(environment: Environment) -> None:
    """Names for `_("…", name=value)` and the like. Values are escaped, the words may hold HTML."""
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda words: _now().gettext(words),
        ngettext=lambda one, many, num: _now().ngettext(one, many, num),
        pgettext=lambda context, words: _now().pgettext(context, words),
        npgettext=lambda context, one, many, num: _now().npgettext(context, one, many, num),
        newstyle=True,
    )
    given = environment.globals
    given["n_"], given["p_"], given["np_"] = given["ngettext"], given["pgettext"], given["npgettext"]
    environment.policies["ext.i18n.trimmed"] = True


def _now() -> Any:
    return catalogues.of(language.current())


class Spoken:
    """The language of the page, and the others there are."""

    @property
    def tag(self) -> str:
        """For `lang`: "de-CH"."""
        return language.tag()

    @property
    def direction(self) -> str:
        return language.direction()

    @property
    def choices(self) -> tuple[tuple[str, str, bool], ...]:
        """Code, own name, and whether it is spoken now; empty where there is nothing to choose."""
        offered, now = language.offered(), language.current()
        return tuple((code, language.own_name(code), code == now) for code in offered) if len(offered) > 1 else ()

    @property
    def prefix(self) -> str:
        """What begins the address of a page in this language: "/de", and "" for the shop's own."""
        return language.prefix()

    def alternates(self, here: str) -> tuple[tuple[str, str], ...]:
        """For `hreflang` of a page anybody may find: code, and what begins its address in that language."""
        return () if here.startswith(PRIVATE) else language.prefixes()
