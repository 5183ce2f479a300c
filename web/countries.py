"""The countries a parcel can be sent to, by name in the shop's language."""

from functools import cache, lru_cache

from babel import Locale

from components.foundation import settings
from web.forms.fields import Choices

_NO_ADDRESS = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})


@cache
def choices() -> Choices:
    """Pairs of code and name; the shop's own country first, then by name."""
    own = settings.current().country
    named = Locale.parse(settings.current().locale).territories
    found = [
        (code, name) for code, name in named.items() if len(code) == 2 and code.isalpha() and code not in _NO_ADDRESS
    ]
    return tuple(sorted(found, key=lambda pair: (pair[0] != own, pair[1])))


@lru_cache(maxsize=300)
def name(code: str) -> str:
    return dict(choices()).get(code, code)
