"""Forms that no page of the demo shows just now: a refund of what is refunded, a step of something that is over."""

import re
import sys
from itertools import zip_longest

from tests.malformed_input.crawling import Asked, Found
from tests.support import site_map
from web.forms.form import Form

NOBODY = "00000000-0000-7000-8000-000000000000"


def form_of(route: str, found: Found) -> Asked:
    """Its address as near to something that exists as the pages that were seen allow, and every field that its
    module's forms declare."""
    module = sys.modules[site_map.handlers("POST")[route].fn.__module__]
    forms = [
        one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Form) and one is not Form
    ]
    names = tuple(dict.fromkeys(name for form in forms for name in form.declared))
    return Asked(route, _address(route, found), {}, names or ("anything",), frozenset(), frozenset())


def _address(route: str, found: Found) -> str:
    """The values of the page whose address begins like this one."""
    known = [address for addresses in found.pages.values() for address in addresses]
    best: list[str] = []
    for address in known:
        shared = _shared(route, address.split("?")[0])
        best = max(best, shared, key=len)
    parts = [own if own else part for part, own in zip_longest(route.split("/"), best)]
    return "/".join(re.sub(r"\{[^}]*\}", NOBODY, part) for part in parts)


def _shared(route: str, address: str) -> list[str]:
    """The beginning of the address that the route would take."""
    taken = []
    for wanted, part in zip(route.split("/"), address.split("/"), strict=False):
        if wanted != part and not wanted.startswith("{"):
            break
        taken.append(part)
    return taken
