"""Reading Stripe's values: seconds, expandable fields, statuses."""

from datetime import UTC, datetime
from typing import Protocol, TypeAlias
from uuid import UUID

from stripe._stripe_object import UntypedStripeObject


class HasId(Protocol):
    @property
    def id(self) -> str: ...


Metadata: TypeAlias = UntypedStripeObject[str] | None


def instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def instant_or_none(seconds: int | None) -> datetime | None:
    return None if seconds is None else instant(seconds)


def id_of(field: "str | HasId | None") -> str | None:
    """The id of an expandable field, expanded or not."""
    if field is None or isinstance(field, str):
        return field
    return field.id


def ours(word: str | None) -> str:
    """Stripe's status in our spelling; empty when there is none."""
    return {"canceled": "cancelled"}.get(word or "", word or "")


def metadata_of(field: Metadata) -> dict[str, str]:
    return {} if field is None else dict(field.to_dict())


def uuid_in(metadata: dict[str, str], name: str) -> UUID | None:
    """An id of ours in an object's metadata; None when there is none or it is invalid."""
    try:
        return UUID(metadata.get(name, ""))
    except ValueError:
        return None
