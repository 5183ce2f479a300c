"""What each status says when nothing better is known, and its page."""

import html

from components.foundation.languages import language
from components.foundation.languages.words import N_, _
from components.foundation.shop_settings import shop_settings
from web import assets
from web.looks import shop_look

WORDS = {
    400: N_("We couldn’t understand that request."),
    401: N_("Please sign in to continue."),
    403: N_("You don’t have permission to do this."),
    404: N_("We couldn’t find this page. It may have moved, or the address may be mistyped."),
    405: N_("This address can’t be used that way."),
    409: N_("Someone else changed this at the same time. Please check it and try again."),
    410: N_("What was here is over."),
    413: N_("That’s more than we can accept in one go."),
    422: N_("Something you sent can’t be used."),
    429: N_("You’ve tried that too many times. Please wait a moment."),
    500: N_(
        "The problem is on our side and has been logged. If you were paying, please look at your orders or your "
        "membership before you try again."
    ),
    503: N_("The shop is busy at the moment. Please try again shortly."),
}
NOT_SAVED = N_(
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
    return BRIEF.format(
        words=html.escape(words),
        links=links,
        name=html.escape(shop_settings.current().shop_name),
        tag=language.tag(),
        direction=language.direction(),
        head=_("That didn’t work"),
        home=_("Home"),
    ).encode()


BRIEF = """<!doctype html>
<html lang="{tag}" dir="{direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{head} · {name}</title>{links}</head>
<body><main class="page"><div class="wrap apology"><p>{name}</p><h1>{head}</h1><p>{words}</p>
<p><a class="button" href="/">{home}</a></p></div></main></body>
</html>
"""
