"""What tests of counting need: a shop that counts as it is set to, browsers, and what was written down."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from components.behaviour.view_buffer import BUFFER
from components.foundation import database
from components.foundation.shop_settings import shop_settings
from tests.support.pages import Browser
from tests.support.shops import Shop

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"


@contextmanager
def counting(how: str, **more: Any) -> Iterator[None]:
    """The shop set to "off", "counts" or "visits", with nothing in the buffer."""
    former = shop_settings.current()
    shop_settings.use(replace(former, behaviour=how, **more))
    BUFFER.waiting.clear()
    try:
        yield
    finally:
        shop_settings.use(former)
        BUFFER.waiting.clear()


def firefox(shop: Shop, **headers: str) -> Browser:
    browser = shop.browser()
    browser.client.headers.update({"user-agent": FIREFOX} | {k.replace("_", "-"): v for k, v in headers.items()})
    return browser


async def counted() -> dict[tuple[str, str], int]:
    """What was seen how often, by kind and subject, after everything that waits was written."""
    await BUFFER.write()
    rows = await database.fetch_rows("SELECT kind, subject, sum(times)::int FROM view_count GROUP BY 1, 2")
    return {(kind, subject): times for kind, subject, times in rows}


async def kept() -> list[tuple[str, str]]:
    """The visits that are kept, in the order of the alphabet."""
    await BUFFER.write()
    rows = await database.fetch_rows("SELECT kind, subject FROM page_view ORDER BY kind, subject")
    return [(kind, subject) for kind, subject in rows]
