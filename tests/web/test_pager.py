"""The pages of a list in its addresses."""

from urllib.parse import urlencode

from litestar import Request

from components.foundation import paging
from tests.support.cells import every_cell
from web.pager import FURTHEST, Pager, page_asked


def asking(**query: str) -> "Request[object, object, object]":
    return Request({"type": "http", "query_string": urlencode(query).encode()})  # type: ignore[arg-type, typeddict-item]


@every_cell(
    ("written", "page"),
    [("3", 3), ("1", 1), ("0", 1), ("-2", 1), ("two", 1), ("1.5", 1), ("", 1), ("9" * 5_000, FURTHEST), ("²", 1)],
)
def test_what_is_no_number_of_a_page_asks_for_the_first(written: str, page: int) -> None:
    assert page_asked(asking(page=written)) == page


def test_an_address_without_a_page_asks_for_the_first() -> None:
    assert page_asked(asking(q="mug")) == 1


def test_other_pages_keep_what_else_was_asked() -> None:
    pager = Pager(page=2, pages=3, path="/staff/orders", query={"show": "to-ship", "q": ""})
    assert pager.url(3) == "/staff/orders?show=to-ship&page=3"
    assert pager.url(1) == "/staff/orders?show=to-ship" and Pager(page=1, pages=1, path="/x").url(1) == "/x"


def test_a_list_has_a_page_for_every_begun_fifty() -> None:
    assert [paging.last(count, 50) for count in (0, 1, 50, 51, 100, 101)] == [1, 1, 1, 2, 2, 3]
    assert [paging.within(number, 101, 50) for number in (-1, 0, 1, 3, 4, 10**18)] == [1, 1, 1, 3, 3, 3]
