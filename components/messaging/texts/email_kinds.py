"""A kind of e-mail: when it is sent, what it may say, and examples of the cases there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.foundation import formatting, settings
from components.foundation.shop_settings import shop_settings
from components.messaging.texts.email_placeholders import Fields, Placeholder, Value, link, text

SHOP = (
    text("shop name", "The shop’s name", "", field="-"),
    text("club name", "The name of the membership, with its “the” where it has one", "", field="-"),
    link("shop address", "The shop’s address on the web", "/", field="-"),
)
"""In every e-mail."""


@dataclass(frozen=True, slots=True)
class EmailGroup:
    """`is_for_owners`: only owners change these, since who writes them could lead people astray."""

    title: str
    is_for_owners: bool = False


ORDERS = EmailGroup("Orders")
MEMBERSHIP = EmailGroup("Membership")
OWED = EmailGroup("Payments and renewals")
PAUSES = EmailGroup("Pauses")
GIFTS = EmailGroup("Gifts and households")
ACCOUNT = EmailGroup("Account and security", is_for_owners=True)
STAFF = EmailGroup("To you and your staff", is_for_owners=True)
GROUPS = (ORDERS, MEMBERSHIP, OWED, PAUSES, GIFTS, ACCOUNT, STAFF)


@dataclass(frozen=True, slots=True)
class EmailKind:
    """`slug` is the name of its built-in template. `cases` change some of the sample's fields; calls make
    words."""

    slug: str
    group: EmailGroup
    title: str
    when: str
    declared: tuple[Placeholder, ...]
    cases: tuple[Mapping[str, Any], ...] = ()

    @property
    def placeholders(self) -> dict[str, Placeholder]:
        return {one.name: one for one in (*self.declared, *SHOP)}

    def values(self, fields: Fields) -> dict[str, Value]:
        """What each placeholder stands for in an e-mail with these fields."""
        return {one.name: one.value(fields) for one in self.declared} | shop_values()

    def samples(self) -> tuple[dict[str, Any], ...]:
        """Fields of made-up e-mails, one for each case; the first is the usual one."""
        usual: dict[str, Any] = {}
        for one in self.declared:
            usual.setdefault(one.field, one.sample())
        given = ({name: what() if callable(what) else what for name, what in case.items()} for case in self.cases)
        return (usual, *(usual | case for case in given))


def shop_values() -> dict[str, Value]:
    """As they are now, in every e-mail."""
    known = shop_settings.current()
    return {
        "shop name": known.shop_name,
        "club name": formatting.club_name(),
        "shop address": f"{settings.current().base_url}/",
    }
