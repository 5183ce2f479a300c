"""What a controller says of its answer for the count of what visitors do: the edge counts, once it has been sent."""

from dataclasses import dataclass
from typing import Any

from litestar import Request

from components.behaviour.page_views import Kind


@dataclass(frozen=True, slots=True)
class Counted:
    """`found` is how many results a search had."""

    kind: Kind
    subject: str = ""
    found: int | None = None


def note(request: Request[Any, Any, Any], kind: Kind, subject: str = "", *, found: int | None = None) -> None:
    request.scope["counted"] = Counted(kind, subject, found)  # type: ignore[typeddict-unknown-key]
