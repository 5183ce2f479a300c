"""The cookie that identifies the browser's basket. It is not set before something is added."""

from typing import Any

from litestar import Response
from litestar.datastructures import Cookie

from components.checkout.basket import baskets
from components.foundation import settings

NAME = "basket"


def with_basket(response: Response[Any], token: str) -> Response[Any]:
    response.set_cookie(
        Cookie(
            key=NAME,
            value=token,
            path="/",
            max_age=int(baskets.KEPT.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=settings.current().is_https,
        )
    )
    return response
