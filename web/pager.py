"""The pages of a list: the one an address requests, and the addresses of the others. Shown by `ui/pager.html`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from litestar import Request

NAME = "page"
FURTHEST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """`query` is the rest of the address's query, which stays; the first page is the address without a page."""

    page: int
    pages: int
    path: str
    query: Mapping[str, str] = field(default_factory=dict)

    def url(self, number: int) -> str:
        asked = {name: value for name, value in self.query.items() if value}
        if number > 1:
            asked[NAME] = str(number)
        return f"{self.path}?{urlencode(asked)}" if asked else self.path


def page_asked(request: Request[Any, Any, Any]) -> int:
    """The page this address requests, at most `FURTHEST`; the first for an invalid number."""
    written = request.query_params.get(NAME, "")
    if not written.isdecimal():
        return 1
    return min(max(1, int(written[: len(str(FURTHEST))])), FURTHEST)
