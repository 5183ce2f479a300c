"""What staff typed for something that is gone, or has another address by now: shown again, to be copied."""

from typing import Any

from litestar import Request

from web.forms.sending import SentForm

LEFT_OUT = frozenset({"as_it_was", "seen", "based_on", "key", "once", "look", "stripe_secret_key", "password"})
MOST = 60_000
"""Characters in all."""


def texts(request: Request[Any, Any, Any]) -> tuple[tuple[str, str], ...]:
    """Pairs of a field's name in words and what was typed; empty for everybody but staff in their own area."""
    sent: SentForm | None = request.scope.get("sent_form")  # type: ignore[assignment]
    visitor = request.scope.get("visitor")
    if sent is None or not request.scope["path"].startswith("/staff/") or not getattr(visitor, "is_staff", False):
        return ()
    found, left = [], MOST
    for name in sent:
        typed = "\n".join(value for value in sent.getall(name) if isinstance(value, str)).strip()[:left]
        if typed and name not in LEFT_OUT and "password" not in name:
            found.append((name.replace("_", " ").capitalize(), typed))
            left -= len(typed)
    return tuple(found)
