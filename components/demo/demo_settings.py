"""What the demo shop is called. The shop itself has neutral defaults; whatever the environment says comes first.

They are given as environment variables, which a shop that has no settings yet writes down when it is opened."""

import os

NAMES = {
    "SHOP_NAME": "Kiln",
    "SHOP_TAGLINE": "Stoneware for every day",
    "CLUB_NAME": "the Kiln Club",
    "MAIL_FROM": "Kiln <hello@kiln.test>",
    "ORDER_PREFIX": "K",
    "BRAND_ACCENT": "#2c5445",
    "BRAND_GROUND": "#faf7f2",
    "BRAND_SALE": "#984722",
    "BRAND_BUTTONS": "text",
    "BRAND_HEADINGS": "fraunces",
    "BRAND_CORNERS": "round",
    "BRAND_SURFACE": "speckled",
    "DELIVERY_DATES": "on",
    "HANDLING_LEAST": "0",
    "HANDLING_MOST": "0",
    "ORDER_CUTOFF": "12:00",
}


def use() -> None:
    """For this process and those it starts. To be called before the settings are read."""
    for name, value in NAMES.items():
        os.environ.setdefault(name, value)
