"""Every kind of e-mail there is."""

from components.foundation.refusals import NotFound
from components.messaging.texts.email_kinds import GROUPS, EmailGroup, EmailKind
from components.messaging.texts.kinds import (
    account_kinds,
    gift_kinds,
    invoice_kinds,
    membership_kinds,
    order_kinds,
    pause_kinds,
    payment_kinds,
    plan_change_kinds,
    promise_kinds,
    staff_kinds,
)

_MODULES = (
    order_kinds,
    membership_kinds,
    plan_change_kinds,
    promise_kinds,
    payment_kinds,
    invoice_kinds,
    pause_kinds,
    gift_kinds,
    account_kinds,
    staff_kinds,
)
ALL: dict[str, EmailKind] = {one.slug: one for module in _MODULES for one in module.KINDS}


def by_slug(slug: str) -> EmailKind:
    """Raises `NotFound`."""
    if slug not in ALL:
        raise NotFound("There is no such e-mail.")
    return ALL[slug]


def in_groups() -> tuple[tuple[EmailGroup, tuple[EmailKind, ...]], ...]:
    return tuple((group, tuple(one for one in ALL.values() if one.group == group)) for group in GROUPS)


def title(slug: str) -> str:
    """What staff call it; of an e-mail from before its kind had gone too."""
    return ALL[slug].title if slug in ALL else slug.replace("_", " ").capitalize()
