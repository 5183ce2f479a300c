"""A whole shop for a test: the real application over the real database, with the stand-in for Stripe."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from components.catalog.snapshot import snapshot_refresh
from components.checkout.taxes import domestic_tax_refresh
from components.content.site import site_content
from components.experiments import experiment_cache
from components.foundation import clock, settings
from components.foundation.shop_settings import setting_rows
from components.memberships.plans import plan_cache
from components.messaging.texts import edited_texts
from components.opening import setup_state
from tests.support import jobs
from tests.support.pages import Browser, Page
from web import app as application
from web.edge.security import Edge
from web.standin.standin import StandIn
from web.standin.state.store import Store


class _PayPages:
    """The pay pages of whichever shop is open."""

    of: StandIn

    @classmethod
    async def pages(cls, scope: Any, receive: Any, send: Any) -> None:
        await cls.of.pages(scope, receive, send)


@cache
def _routes() -> Any:
    """The application behind its edge, put together once a process: that takes as long as dozens of requests.

    It keeps nothing of its own between requests, so one does for all shops that are opened one after another.
    """
    return application.assemble(stand_in=_PayPages, works=False).inner  # type: ignore[arg-type]


class Shop:
    """`browser()` gives somebody a browser of their own; `catch_up()` does what webhooks and jobs would do by now."""

    def __init__(self, stand_in: StandIn, dsn: str) -> None:
        self.stand_in, self.dsn = stand_in, dsn
        self.app = Edge(_routes())
        _PayPages.of = stand_in
        self._post = application.deliver_to(self.app)
        self._browsers: list[Browser] = []
        self._has_run_timetable = False

    def browser(self) -> Browser:
        made = Browser(self.app)
        self._browsers.append(made)
        return made

    async def signed_in(self, email: str, password: str = "kiln-demo") -> Browser:
        browser = self.browser()
        page = await browser.post("/sign-in", {"email": email, "password": password})
        assert page.status == 200, page.words
        return browser

    async def catch_up(self) -> None:
        """Deliver the webhooks that are due and run the jobs that are waiting, until there are none."""
        for _ in range(6):
            delivered = await self.stand_in.deliver_due(self._post)
            if await jobs.work_off(self.dsn) and not self._has_run_timetable:
                self._has_run_timetable = True
                await jobs.run_timetable()
                await jobs.work_off(self.dsn)
            if not delivered:
                return

    async def pay(self, page: Page, card: str = "4242424242424242", **how: Any) -> Page:
        """Pay on the hosted page the browser has been sent to, without its browser coming back."""
        session_id = page.path.rsplit("/", 1)[-1].split("?")[0]
        return await self.stand_in.pay(session_id, card=card, **how)  # type: ignore[no-any-return]

    async def refresh(self) -> None:
        """Read catalogue and plans anew, as their notices would have made this process do."""
        await setting_rows.refresh()
        await setup_state.refresh()
        await snapshot_refresh.refresh()
        await plan_cache.refresh()
        await experiment_cache.refresh()
        await site_content.refresh()
        await edited_texts.refresh()
        await domestic_tax_refresh.refresh()

    async def close(self) -> None:
        for browser in self._browsers:
            await browser.close()


@cache
def _empty_books() -> bytes:
    """A file of the stand-in's without anything in it: making its tables takes longer than most requests."""
    with tempfile.TemporaryDirectory() as folder:
        books = Path(folder) / "books.sqlite"
        Store(books).connection().close()
        return books.read_bytes()


@asynccontextmanager
async def opened(folder: Path, dsn: str) -> AsyncIterator[Shop]:
    books = folder / "stand-in.sqlite"
    if not books.exists():
        books.write_bytes(_empty_books())
    stand_in = StandIn(books, settings.current().stripe_webhook_secret, strict=True)
    application.connect_payments(stand_in)
    clock.use_system_time()
    stand_in.follow(clock.now)
    shop = Shop(stand_in, dsn)
    await shop.refresh()
    try:
        yield shop
    finally:
        await shop.close()
