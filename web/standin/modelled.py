"""Parameters that Stripe accepts but the stand-in does not implement are refused, so that nobody relies on them."""

from collections.abc import Iterable, Mapping
from typing import Any

from web.standin.contract import limits
from web.standin.refusals import StripeRefusal, missing, not_modelled


def only(parameters: Mapping[str, Any], names: Iterable[str], *, within: str = "") -> None:
    for name in parameters:
        if name != "expand" and name not in names:
            shown = f"{within}[{name}]" if within else name
            raise not_modelled(f"the parameter {shown}", param=shown)


def exactly(parameters: Mapping[str, Any], name: str, *accepted: Any) -> None:
    """`name`, when given, has one of the implemented values."""
    if name in parameters and parameters[name] not in accepted:
        raise not_modelled(f"{name}={parameters[name]!r}", param=name)


def needed(parameters: Mapping[str, Any], name: str) -> Any:
    """For parameters that Stripe requires although its SDK types leave them optional."""
    if parameters.get(name) in (None, ""):
        raise StripeRefusal(f"Missing required param: {name}.", code="parameter_missing", param=name)
    return parameters[name]


def merged(known: Mapping[str, str] | None, change: Mapping[str, str] | str | None) -> dict[str, str]:
    """Metadata as Stripe merges it: "" for the whole clears it, "" for a key removes the key."""
    if change == "":
        return {}
    result = dict(known or {}) | (dict(change) if isinstance(change, Mapping) else {})
    kept = {key: value for key, value in result.items() if value != ""}
    if len(kept) > limits.METADATA_KEYS:
        raise StripeRefusal(limits.too_many_keys(len(kept)), param="metadata")
    return kept


def gone(kind: str, wanted: str) -> StripeRefusal:
    return missing(kind, wanted, param="id")
