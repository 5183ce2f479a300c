"""What the figures of visitors are called, and what they mean."""

from components.insights.behaviour_figures.before_joining import DAYS_BEFORE, CameFrom
from components.insights.behaviour_figures.engagement import FORMULA
from components.insights.behaviour_figures.unbought import SELDOM

STEPS = {
    "product": "A product’s page was shown",
    "added": "Something was put in the basket",
    "checkout": "The checkout was opened",
    "orders": "An order was paid",
    "join": "The page to join was shown to somebody who is no member",
    "joined": "A membership with a fee began",
}
KINDS = {
    "product": "Product pages shown",
    "collection": "Collections shown",
    "article": "Articles shown",
    "search": "Searches",
    "join": "Page to join shown",
    "added": "Put in the basket",
    "basket": "Basket shown",
    "checkout": "Checkout opened",
    "paid": "Pages of paid orders shown",
    "orders": "Paid orders",
    "joined": "Memberships that began",
}
OF = {"": "", "members": ", by members", "others": ", by others"}
PLACES = {
    "home": "The home page",
    "search": "A search",
    "account": "Their account",
    "basket": "The basket",
    "checkout": "The checkout",
    "join": "Another page to join",
    "another page": "Another page of the shop",
    "elsewhere": "Another site",
    "unknown": "Not told by the browser",
    "(others)": "Others, beyond 2,000 different ones a day",
}
NAMED = {"article": "The article", "product": "The product", "collection": "The collection"}
DEFINITIONS = {
    "times": "How often a page was shown, whoever saw it: the same visitor twice is two. Robots, staff, previews, "
    "parts of pages and what browsers only fetch ahead are not counted.",
    "visitors who agreed": "Browsers whose visits are kept, each once, that took the steps in this order within the "
    "period. The last step is the page of a paid order. They are some of all, and perhaps others than the rest.",
    "members": "Who had a membership when the page was shown, or when the order was placed; the free plan is one too, "
    "unlike in the charts of orders.",
    "not bought": f"Products of which members paid for fewer than one order for every {SELDOM} times they looked at "
    "the page, in the period. Days before a product was on sale to everybody do not count.",
    "searches": "Words as they were typed, in small letters. E-mail addresses and six or more digits are not kept. In "
    "vain: no product, article or page was found.",
    "joined": "A membership with a fee, by subscription or paid once, of somebody who had no membership "
    "but the free plan until then. One that goes on after a pause did not begin again.",
    "read before": f"Articles that people who joined in the period looked at in the {DAYS_BEFORE} days before, of "
    "those whose visits are kept. It says what they did, not why they joined.",
    "engagement": FORMULA,
}


def title(kind: str, who: str) -> str:
    return KINDS[kind] + OF[who]


def place(came: CameFrom) -> str:
    """Where the page to join was opened from."""
    kind, _, subject = came.subject.partition(":")
    if subject:
        return f"{NAMED.get(kind, kind)} “{came.title or subject}”"
    return PLACES.get(came.subject, came.subject)
