"""Picking where something links to: from what the shop has, or another address."""

from datetime import datetime

from components.content.site import link_targets
from components.foundation import clock
from web.forms.fields import Choices, Text, Wrong

NOT_AN_ADDRESS = "Enter an address of this shop like /products/blue-bag, or one that begins with https://."


class LinkAddress(Text):
    """An address that was typed rather than picked."""

    def read(self, typed: str) -> str:
        written = super().read(typed)
        if not link_targets.is_address(written):
            raise Wrong(NOT_AN_ADDRESS)
        return written


def choices(at: datetime | None = None) -> Choices:
    return link_targets.choices(at or clock.now())


def split(href: str) -> tuple[str, str]:
    """The stored address as the two fields show it: picked, or typed."""
    return (href, "") if href in dict(link_targets.choices(clock.now())) else ("", href)
