"""Words in the language that is spoken now. English is the key; `%(name)s` is a value, `%%` a per cent sign.

    raise OutOfStock(_("Only %(count)s left.", count=left))
    n_("%(num)s item", "%(num)s items", count)
    message = N_("That isn’t possible.")   # marked here, said in a language by `_` where it is shown

In templates the same names are there, and `{% trans %}`. `make words` gathers them into the catalogues.
"""

from components.foundation.languages import catalogues, language


def _(words: str, /, **values: object) -> str:
    if not words:
        return ""
    return _filled(catalogues.of(language.current()).gettext(words), values)


def n_(one: str, many: str, num: int, /, **values: object) -> str:
    """`num` is there as a value too."""
    return catalogues.of(language.current()).ngettext(one, many, num) % {"num": num, **values}


def p_(context: str, words: str, /, **values: object) -> str:
    """For words that mean different things at different places: "Order", the button or the thing."""
    return _filled(catalogues.of(language.current()).pgettext(context, words), values)


def np_(context: str, one: str, many: str, num: int, /, **values: object) -> str:
    known = catalogues.of(language.current())
    return known.npgettext(context, one, many, num) % {"num": num, **values}


def N_(words: str) -> str:
    """These words are translated where they are shown."""
    return words


def _filled(said: str, values: dict[str, object]) -> str:
    return said % values if values else said.replace("%%", "%")
