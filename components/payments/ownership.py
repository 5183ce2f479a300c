"""Whether a Stripe object was created by this shop: two shops may share one account."""

from components.foundation import settings


class UnknownLocally(Exception):
    """It is marked as ours, but nothing here matches it (yet). Tried again, then parked where staff see it."""


def ownership_metadata() -> dict[str, str]:
    return {"install_id": settings.current().install_id}


def is_ours(metadata: dict[str, str]) -> bool:
    return metadata.get("install_id") == settings.current().install_id
