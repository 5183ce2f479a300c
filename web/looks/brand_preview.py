"""The shop in looks that are only tried: for the browser of the owner who tries them, and for reading only."""

from typing import Any

from litestar.datastructures import Cookie

from components.brand import brand_changes
from components.foundation import settings
from web.visitor import Visitor

COOKIE = "brand_draft"
LASTS = 3600
READING = frozenset({"GET", "HEAD"})


def cookie(*, seconds: int = LASTS) -> Cookie:
    """It says only that the draft is to be shown; whose draft that is, the session says."""
    return Cookie(
        key=COOKIE, value="shown", max_age=seconds, path="/", httponly=True, samesite="lax",
        secure=settings.current().is_https,
    )  # fmt: skip


async def tried(scope: Any, cookies: dict[str, str], visitor: Visitor) -> dict[str, str] | None:
    """The settings to answer this request with, if its sender is an owner who looks at their draft."""
    if COOKIE not in cookies or not visitor.is_owner or visitor.person_id is None:
        return None
    if scope["method"] not in READING or scope["path"].startswith(("/staff", "/api", "/static")):
        return None
    return await brand_changes.draft(visitor.person_id)
