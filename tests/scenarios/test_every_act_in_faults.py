"""Every act of members, shoppers and staff that asks something of Stripe, in every kind of fault.

Which acts there are is read from the code: the routes from which a call that changes something at Stripe may be
reached. One that is new and in no row fails here. Each act meets a third of the faults, and all of them with
`make faults`; `test_many_faults.py` lets several strike several people at once.
"""

import os
import re
import time
from collections.abc import Iterator

import pytest

from components.payments import reconcile
from tests.scenarios.conftest import Kiln
from tests.scenarios.fault_acts import member_acts, staff_acts, till_acts
from tests.scenarios.fault_acts.acts import ROWS, Act, Books, books_of
from tests.scenarios.test_many_faults import SCALE, STORMS, Storm, quiet, settled, slack, struck
from tests.support import call_graph, patience, site_map
from tests.support.pages import Browser, Page

__all__ = ["member_acts", "staff_acts", "struck", "till_acts"]

IS_WHOLE = int(os.environ.get("FAULTS", "0")) >= 500
REFUSED: Storm = ("refused", (1,), (0,))
ALL: tuple[Storm, ...] = (*STORMS, REFUSED)
CELLS = [
    pytest.param(one, storm, id=f"{one.name}: {storm[0]}")
    for row, one in enumerate(ROWS)
    for column, storm in enumerate(ALL)
    if (IS_WHOLE or (row + column) % 3 == 0) and not (storm[0] == "key_in_use" and one.is_deletion)
]
NOT_CHARGED = re.compile(r"(?i)(nothing (?:has been|was) charged|not been charged|no payment was taken)")
NOT_REFUNDED = re.compile(r"(?i)nothing (?:has been|was) refunded")
OPEN = re.compile(
    r"(?i)(hasn.t answered|hasn.t confirmed|is saved\.|don.t know yet|asking your bank|is being|we.ll e-?mail)"
)
CONNECTION = "components.payments.stripe_connection"

WITHOUT = {
    "/account/membership/welcome": "back from paying; a second trial is ended there (test_plans.py)",
    "/orders/{token:str}": "back from paying; a second trial is ended there (test_plans.py)",
    "/staff/payments/differences": "names the repairs, and makes none",
}
"""Routes without a row: pages that are only read, from which a change may be reached all the same, and what is held
elsewhere."""


@pytest.fixture(autouse=True)
def twentieth() -> Iterator[None]:
    with patience.scaled(SCALE):
        yield


def at_stripe() -> set[str]:
    """The routes that may change something at Stripe while somebody waits. A page that is only read may prepare a
    price or a payment page, which moves nothing."""
    changes, prepares = (call_graph.reaching((CONNECTION, name)) for name in ("change", "prepare"))
    return {
        path
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        for path, handler in site_map.handlers(method).items()
        if (handler.fn.__module__, handler.fn.__qualname__) in (changes if method == "GET" else changes | prepares)
    }


def test_every_act_that_asks_stripe_for_something_has_a_row() -> None:
    found, rows = at_stripe(), {one.route for one in ROWS} | WITHOUT.keys()
    assert len(found) > 30, "the way to Stripe was lost sight of"
    assert sorted(found - rows) == [], "new acts; give each a row in tests/scenarios/fault_acts"
    assert sorted(rows - found) == [], "acts that are gone"
    assert len({one.name for one in ROWS}) == len(ROWS)


def added(before: tuple[int, ...], after: tuple[int, ...]) -> tuple[int, ...]:
    rest = [*after]
    for one in before:
        rest.remove(one)
    return tuple(rest)


def moved_once(one: Act, before: Books, after: Books) -> bool:
    """Whether it was done; all money that moved is what the act moves, once."""
    charged, refunded = added(before.charges, after.charges), added(before.refunds, after.refunds)
    was_done = one.done is not None and one.done(before, after)
    assert charged == (one.charged if was_done else ()), (charged, refunded)
    assert refunded == (one.refunded if was_done else ()), (charged, refunded)
    return was_done


async def timely(one: Act, browser: Browser) -> Page:
    began = time.monotonic()
    page = await one.press(browser)
    assert time.monotonic() - began < 2 * 10 * SCALE + slack(), "a page and its form, within ten seconds each"
    assert page.status < 500 or page.status == 503, (page.status, page.words[:600])
    return page


def said_done(one: Act, page: Page) -> bool:
    return bool(one.said) and one.said in f"{page.heading} {page.alerts()}"


def is_open(page: Page) -> bool:
    return page.path.startswith("/account/waiting") or OPEN.search(f"{page.heading} {page.alerts()}") is not None


@pytest.mark.parametrize(("one", "storm"), CELLS)
async def test_what_was_said_is_so_and_it_is_done_once(kiln: Kiln, struck: list[str], one: Act, storm: Storm) -> None:
    kind, times, seconds = storm
    with patience.scaled(1.0):
        browser = await one.begin(kiln)
    await quiet(kiln.shop)
    before = books_of(kiln)
    kiln.stand_in.fault(kind, times=times[-1] * 5, amount=seconds[-1] * SCALE)
    page = await timely(one, browser)
    if said_done(one, page) and one.done is not None:
        assert moved_once(one, before, books_of(kiln)), page.words
    await settled(kiln.shop)
    await reconcile.lightly()
    await kiln.shop.catch_up()
    after = books_of(kiln)
    was_done = moved_once(one, before, after)
    assert not (NOT_CHARGED.search(page.words) and added(before.charges, after.charges)), page.words
    assert not (NOT_REFUNDED.search(page.words) and added(before.refunds, after.refunds)), page.words
    if one.done is not None and not is_open(page):
        assert one.said == "" or was_done == said_done(one, page), (was_done, page.path, page.words[:800])
    if page.path.startswith("/account/waiting"):
        told = await browser.get(page.path)
        assert told.heading == ("Done" if was_done else "That didn’t go through"), told.words
    await put_right(kiln, one, browser, before, was_done=was_done)
    assert one.done is None or kind in struck, "what only opens or closes a page may need no change at Stripe"
    assert await kiln.broken() == []


async def put_right(kiln: Kiln, one: Act, browser: Browser, before: Books, *, was_done: bool) -> None:
    """Without a fault the same is pressed again: what was not done is done, and what was done is not done twice."""
    kiln.later(minutes=2)
    said = ""
    if not was_done:
        with patience.scaled(1.0):
            page = await one.press(browser)
        assert one.done is not None or page.status < 500, page.words
        said = page.alerts() or page.words
    await settled(kiln.shop)
    assert moved_once(one, before, books_of(kiln)) or one.done is None, said
