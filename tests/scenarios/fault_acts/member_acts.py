"""What members can do with a membership that changes something at Stripe, or opens a page there, while they wait."""

import re
from datetime import timedelta
from typing import Any

from components.foundation import clock
from components.memberships.keeping_members import save_offers
from components.messaging import mailbox
from components.messaging.notices import notice_emails
from tests.scenarios.conftest import Kiln
from tests.scenarios.fault_acts.acts import (
    Books,
    act,
    has_ended,
    renews_later,
    renews_sooner,
    was_cancelled,
    was_kept,
)
from tests.scenarios.test_confirmed_changes import asked_by_the_bank
from tests.scenarios.test_owing import FAILS, RENEWAL, new_card
from tests.support import agreed_dates, join_members
from tests.support.pages import Browser, Page

HERE = "/account/membership"


async def a_member(kiln: Kiln) -> Browser:
    return await join_members.joins(kiln.shop, kiln.monthly)


async def submitted(browser: Browser, address: str, form: str = "", **typed: Any) -> Page:
    page = await browser.get(form or address)
    return await browser.submit(page, address, **typed) if f'action="{address}"' in page.text else page


def at(address: str, form: str = "", **typed: Any) -> Any:
    async def press(browser: Browser) -> Page:
        return await submitted(browser, address, form, **typed)

    return press


def posted(address: str) -> Any:
    async def press(browser: Browser) -> Page:
        return await browser.post(address, {})

    return press


async def a_cancelled_member(kiln: Kiln) -> Browser:
    browser = await a_member(kiln)
    await at(f"{HERE}/cancellation")(browser)
    await kiln.work()
    return browser


async def a_paused_member(kiln: Kiln) -> Browser:
    browser = await a_member(kiln)
    await pauses(browser)
    await kiln.work()
    return browser


async def pauses(browser: Browser) -> Page:
    return await browser.post(f"{HERE}/pause", agreed_dates.pause_now())


async def a_member_who_is_offered_something(kiln: Kiln) -> Browser:
    await save_offers.add(reason="price", kind="discount", percent_bp=2000, payments=2, every_months=12, by=None)
    return await a_member(kiln)


async def takes_the_offer(browser: Browser) -> Page:
    page = await browser.get(f"{HERE}/cancellation")
    found = re.search(rf'action="({HERE}/cancellation/offers/[^"]+)"', page.text)
    return await browser.submit(page, found[1]) if found else page


async def who_owes(kiln: Kiln) -> Browser:
    """Two hours after a renewal that did not go through."""
    browser = await a_member(kiln)
    await new_card(kiln.shop, browser, FAILS)
    await join_members.until(kiln.shop, RENEWAL + timedelta(hours=2))
    return await kiln.shop.signed_in(join_members.MAYA)


async def whose_bank_asks(kiln: Kiln) -> Browser:
    return (await asked_by_the_bank(kiln.shop, clock.now()))[0]


def plan_kept(before: Books, after: Books) -> bool:
    return after.open_invoices == 0 < before.open_invoices


def dearer(before: Books, after: Books) -> bool:
    return after.prices != before.prices


PLACE = f"{HERE}/cancellation"
act("a member cancels", PLACE, a_member, at(PLACE), done=was_cancelled, said="Membership cancelled")
act("a member ends a pause for good", f"{PLACE}/now", a_paused_member, posted(f"{PLACE}/now"), done=has_ended,
    said="Your membership has ended.")  # fmt: skip
act("a member takes a cancellation back", f"{PLACE}/withdrawal", a_cancelled_member, posted(f"{PLACE}/withdrawal"),
    done=was_kept, said="no longer cancelled")  # fmt: skip
act("a member takes a save offer", f"{PLACE}/offers/{{offer_id:uuid}}", a_member_who_is_offered_something,
    takes_the_offer, done=lambda before, after: after.discounts == before.discounts + 1,
    said="Your membership goes on, with")  # fmt: skip
act("a member pauses", f"{HERE}/pause", a_member, pauses, done=renews_later, said="on hold until")
act("a member comes back", f"{HERE}/pause/end", a_paused_member, at(f"{HERE}/pause/end"), done=renews_sooner,
    said="Welcome back")  # fmt: skip
act("a member changes to a dearer plan", f"{HERE}/plan/{{slug:str}}", a_member, at(f"{HERE}/plan/annual"),
    done=dearer, said="You’re now on", charged=(3450,))  # fmt: skip
act("a member keeps the old plan", f"{HERE}/plan/withdrawal", whose_bank_asks, posted(f"{HERE}/plan/withdrawal"),
    done=plan_kept, said="You’re staying on")  # fmt: skip
act("a member opens the page of a change", f"{HERE}/plan/confirmation", whose_bank_asks,
    posted(f"{HERE}/plan/confirmation"))  # fmt: skip
act("a member opens the page of what is owed", f"{HERE}/payment", who_owes, posted(f"{HERE}/payment"))
act("a member opens the page for a card", f"{HERE}/card", a_member, posted(f"{HERE}/card"))


# without signing in

LEGAL = "/cancel-membership"


async def declares(browser: Browser) -> Page:
    return await submitted(browser, LEGAL, email=join_members.MAYA, name="Maya Finch", plan="Monthly", kind="ordinary")


async def a_stranger_with_a_link(kiln: Kiln) -> Browser:
    await a_member(kiln)
    browser = kiln.shop.browser()
    await declares(browser)
    await kiln.work()
    return browser


async def follows(template: str, browser: Browser) -> Page:
    (line, *_) = (await mailbox.email_page(template=template, to=join_members.MAYA)).emails
    found = re.search(rf"({LEGAL}/(?:confirm|now)/\S+)", (await mailbox.practice_email(line.id)).text)
    assert found
    return await submitted(browser, found[1])


async def who_was_given_notice(kiln: Kiln) -> Browser:
    await join_members.joins(kiln.shop, kiln.annual)
    kept: Any = (await join_members.subscription())["current_period_end"]
    kiln.at(kept - timedelta(days=20))
    await notice_emails.send_renewal_notices()
    return kiln.shop.browser()


act("a member declares it by law", LEGAL, a_member, declares, done=was_cancelled)
act("a stranger confirms it from the e-mail", f"{LEGAL}/confirm/{{written:str}}", a_stranger_with_a_link,
    lambda browser: follows("cancellation_notice", browser), done=was_cancelled)  # fmt: skip
act("a member cancels from a notice", f"{LEGAL}/now/{{written:str}}", who_was_given_notice,
    lambda browser: follows("renewal_notice", browser), done=was_cancelled)  # fmt: skip
