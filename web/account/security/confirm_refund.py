"""Refunds above a limit ask staff to confirm that it is them (`REFUND_CONFIRM_ABOVE`)."""

from typing import Any

from litestar import Request, Response

from components.foundation import settings
from components.foundation.money import Money
from web.account.security.confirm_identity import confirm_first


async def confirm_refund(request: Request[Any, Any, Any], *, refund: Money, before: int = 0) -> Response[Any] | None:
    """The page that asks; None when nothing is asked. `before`: what was refunded of the same payment already, so that
    many small refunds are no way around the limit."""
    if refund.amount <= 0 or refund.amount + before <= limit(refund.currency).amount:
        return None
    return await confirm_first(request)


def limit(currency: str) -> Money:
    return Money.parse(str(settings.current().refund_confirm_above), currency)
