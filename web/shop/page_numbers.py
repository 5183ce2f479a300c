"""The pages of a list, as the pager shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, kw_only=True)
class PageNumbers:
    """`query` is what else stands in the address and stays there."""

    page: int
    pages: int
    path: str
    query: Mapping[str, str]

    def url(self, number: int) -> str:
        kept = {name: value for name, value in self.query.items() if value}
        return f"{self.path}?{urlencode({**kept, 'number': number})}"
