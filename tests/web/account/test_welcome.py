"""What somebody who has just joined reads about the charges to come."""

import pytest

from components.content import article_editing
from components.content.article_editing import Draft
from components.content.site import site_content
from components.foundation import clock
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from tests.support import join_members, make_plans, people
from tests.support.shops import Shop

WELCOME = "/account/membership/welcome"


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (
            "card",
            "If you do nothing, your card is then charged £4.50, and £4.50 a month from then on. "
            "Cancel before that day and you pay nothing.",
        ),
        ("create_invoice", "£4.50 is due then, unless you cancel before that day."),
        ("pause", "It is put on hold then, unless you add a card: it continues at £4.50 a month."),
        ("cancel", "It ends then, unless you add a card: it continues at £4.50 a month."),
    ],
)
async def test_a_trial_names_its_end_and_what_follows(shop: Shop, ends: str, words: str) -> None:
    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=14, trial_ends=ends), by=None)
    await people.customer(join_members.MAYA, name="Maya")
    browser = await shop.signed_in(join_members.MAYA)
    pays = await browser.submit(await browser.get("/join/monthly"), "/join/monthly")
    assert pays.heading == "14 days free" and "Then £4.50 per month from 15 March 2027" in pays.words
    assert "Total due today £0.00" in pays.words and "Start trial" in pays.words and "Subscribe" not in pays.words
    outcome = await shop.pay(pays)
    page = await browser.get(outcome.url)  # type: ignore[attr-defined]
    assert page.path == WELCOME and f"Your trial is free until 15 March 2027. {words}" in page.words


async def test_a_paid_membership_names_its_renewal_and_a_free_one_nothing(shop: Shop) -> None:
    browser = await join_members.joins(shop, await make_plans.club(price=3900, interval="year", slug="annual"))
    page = await browser.get(WELCOME)
    assert "It renews on 1 March 2028: £39.00 a year. You can cancel at any time." in page.words
    await plans.create(slug="free", name="Friend", summary="", price=0, interval="month", by=None)
    noor = await people.customer("noor@kiln.test")
    other = await shop.signed_in(noor.email)
    page = await other.submit(await other.get("/join/free"), "/join/free")
    assert "What you pay" not in page.text and "renews" not in page.words, plan_catalogue.by_slug("free")


async def test_it_leads_to_the_journal_once_there_is_something_to_read(shop: Shop) -> None:
    browser = await join_members.joins(shop, await make_plans.club(price=3900, interval="year", slug="annual"))
    assert "Read the journal" not in (await browser.get(WELCOME)).words
    draft = Draft(slug="glazes", title="Glazes", teaser="T", body="Words", published_at=clock.now())
    await article_editing.create(draft, by=None)
    await site_content.refresh()
    assert "Read the journal" in (await browser.get(WELCOME)).words
