"""What each status says when nothing better is known, and its page."""

import html

from components.foundation.shop_settings import shop_settings
from web import assets
from web.looks import shop_look

WORDS = {
    400: "We couldn’t understand that request.",
    401: "Please sign in to continue.",
    403: "You don’t have permission to do this.",
    404: "We couldn’t find this page. It may have moved, or the address may be mistyped.",
    405: "This address can’t be used that way.",
    409: "Someone else changed this at the same time. Please check it and try again.",
    410: "What was here is over.",
    413: "That’s more than we can accept in one go.",
    422: "Something you sent can’t be used.",
    429: "You’ve tried that too many times. Please wait a moment.",
    500: "The problem is on our side and has been logged. If you were paying, please look at your orders or your "
    "membership before you try again.",
    503: "The shop is busy at the moment. Please try again shortly.",
}
NOT_SAVED = (
    "The shop is busy at the moment, and this may not have been saved. Please go back and try again shortly. If you "
    "were paying, look at your orders or your membership first."
)
"""To whoever sent a form while the database was away."""
PAGES = {401, 403, 404, 409, 410, 413, 422, 429, 500, 503}


def template_of(status: int) -> str:
    return f"errors/{status if status in PAGES else 500 if status >= 500 else 422}.html"


def brief_page(words: str) -> bytes:
    """A page without a layout, which costs nothing to make; in the shop's own looks where they are at hand."""
    try:
        sheets: tuple[str, ...] = (assets.address("shop.css"), shop_look.look().sheet)
    except KeyError:
        sheets = ()
    links = "".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in sheets)
    return BRIEF.format(words=words, links=links, name=html.escape(shop_settings.current().shop_name)).encode()


BRIEF = """<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>That didn’t work · {name}</title>{links}</head>
<body><main class="page"><div class="wrap apology"><p>{name}</p><h1>That didn’t work</h1><p>{words}</p>
<p><a class="button" href="/">Home</a></p></div></main></body>
</html>
"""
