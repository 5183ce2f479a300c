"""Nonsense in every field of every form: never a fault of ours, always words, and nothing typed is lost.

`make malformed-input` sends every value to every form. Without it each gets a third of them, the next form the next
third.
"""

from tests.malformed_input import crawling, unlinked
from tests.malformed_input.visiting import Visit
from tests.support import site_map
from tests.support.pages import Browser
from tests.support.shops import Shop

LAST = ("/sign-out", "/account/privacy", "/account/sessions", "/account/password", "/staff/operators")
"""What takes away the means of asking on is tried when everything else has been."""


def world() -> dict[str, tuple[str, list[str]]]:
    """Who visits, and where each begins."""
    return {
        "staff": ("iris@kiln.test", crawling.plain_below("/staff")),
        "account": ("maya@kiln.test", crawling.plain_below("/account")),
        "shop": ("noor@kiln.test", ["/", "/products", "/basket", "/checkout", "/join", "/journal", "/account"]),
        "guest": ("", ["/", "/products", "/basket", "/sign-in", "/sign-up", "/join", "/gift"]),
    }


async def test_nonsense_is_answered_in_words(demo: Shop) -> None:
    wrong: list[str] = []
    sent: set[str] = set()
    seen, visits = crawling.Found(), dict[str, Visit]()
    for who, (email, starts) in world().items():
        visit = visits[who] = Visit(demo, email)
        await visit.begin()
        if who != "staff":
            await _fill_the_basket(visit.browser)
        inside = "/staff" if who == "staff" else "/"
        found = await crawling.crawl(visit.browser, starts, (inside,))
        seen.pages |= found.pages
        forms = [one for route, one in found.forms.items() if route not in sent]
        for asked in sorted(forms, key=lambda one: (one.route.startswith(LAST), one.route)):
            sent.add(asked.route)
            wrong += await visit.try_form(asked)
        wrong += await visit.try_addresses(found, inside)
    missed = sorted(site_map.handlers("POST").keys() - sent, key=lambda route: (route.startswith(LAST), route))
    for route in missed:
        visit = visits["staff" if route.startswith("/staff") else "account"]
        wrong += await visit.try_unlinked(unlinked.form_of(route, seen))
    assert not wrong, f"{len(wrong)} faults:\n" + "\n".join(wrong[:60])
    assert len(sent) > 60  # forms that are linked are tried in every field


async def _fill_the_basket(browser: Browser) -> None:
    page = await browser.get("/products")
    product = next(link for link in page.links() if link.startswith("/products/"))
    page = await browser.get(product)
    form = page.form("/basket")
    await browser.post(form.action, form.given)
