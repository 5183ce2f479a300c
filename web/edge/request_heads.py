"""What a request's first lines may be: nobody needs an address or cookies of many kilobytes."""

from typing import Any

from litestar import _parsers

from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal

LONGEST_PATH = 2_000
LONGEST_QUERY = 8_000
MOST_PARAMETERS = 200
MOST_COOKIE_BYTES = 8_000
MOST_HEADER_BYTES = 32_000


class AddressTooLong(Refusal):
    message = N_("This address is longer than we can accept.")
    status = 414


class HeadersTooLarge(Refusal):
    message = N_("Your browser sent more with this request than we can accept. Clearing this site’s cookies helps.")
    status = 431


def refuse_oversized(scope: Any) -> None:
    """Raises `AddressTooLong` and `HeadersTooLarge`."""
    query = scope["query_string"]
    if len(scope["path"]) > LONGEST_PATH or len(query) > LONGEST_QUERY or query.count(b"&") >= MOST_PARAMETERS:
        raise AddressTooLong
    size = cookies = pairs = 0
    for name, value in scope["headers"]:
        size += len(name) + len(value)
        if name == b"cookie":
            cookies += len(value)
            pairs += value.count(b";") + 1
    if size > MOST_HEADER_BYTES or cookies > MOST_COOKIE_BYTES or pairs > MOST_PARAMETERS:
        raise HeadersTooLarge
    _remembered.add(len(query) + 100 * query.count(b"&") + cookies + 100 * pairs)


class _Remembered:
    """The framework remembers the last 1,024 query strings and cookies as parsed. However long they are, it forgets
    them all before they come to `MOST` bytes."""

    MOST = 4_000_000

    def __init__(self) -> None:
        self.bytes = 0

    def add(self, size: int) -> None:
        self.bytes += size
        if self.bytes > self.MOST:
            _parsers.parse_query_string.cache_clear()
            _parsers.parse_cookie_string.cache_clear()
            self.bytes = 0


_remembered = _Remembered()
