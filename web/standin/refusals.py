"""Error responses, in Stripe's format."""

from typing import Any


class StripeRefusal(Exception):
    """`status` is HTTP's; `kind`, `code` and `param` are Stripe's error fields. Nothing of the request is stored."""

    keeps_changes = False

    def __init__(
        self,
        words: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(words)
        self.status = status
        self.error: dict[str, Any] = {"type": kind, "message": words}
        if code:
            self.error |= {"code": code, "doc_url": f"https://docs.stripe.com/error-codes/{code.replace('_', '-')}"}
        if param:
            self.error["param"] = param


class CardRefusal(StripeRefusal):
    """The card was declined: answered with 402, and the failed attempt is stored."""

    keeps_changes = True

    def __init__(self, words: str, *, code: str, decline_code: str | None = None, **objects: Any) -> None:
        super().__init__(words, status=402, kind="card_error", code=code)
        if decline_code:
            self.error["decline_code"] = decline_code
        self.error |= objects


class CardRefusalUndone(CardRefusal):
    """The same response where the caller requested all or nothing (`error_if_incomplete`)."""

    keeps_changes = False


def missing(kind: str, wanted: str, *, param: str, status: int = 404) -> StripeRefusal:
    name = kind.rpartition(".")[2].replace("_", " ")
    return StripeRefusal(f"No such {name}: '{wanted}'", status=status, code="resource_missing", param=param)


def not_modelled(what: str, *, param: str | None = None) -> StripeRefusal:
    """Stripe supports it, the stand-in does not: it refuses rather than pretend. docs/standin.md lists what is
    modelled."""
    return StripeRefusal(f"The offline stand-in does not model {what}. Use a Stripe test key for it.", param=param)
