"""One call of Stripe's API as made by the SDK."""

import functools
from dataclasses import dataclass

from web.standin.contract import shapes, source


@dataclass(frozen=True)
class Operation:
    verb: str
    path: str
    parameters: str | None
    answer: shapes.Shape


@functools.cache
def operation(service: str, verb: str, path: str) -> Operation:
    """`service` is the SDK's module (`stripe._refund_service`); `path` has `{}` where an id goes."""
    for known_verb, known_path, parameters, answer in source.module(service)["calls"]:
        if (known_verb, known_path) == (verb, path):
            return Operation(verb, path, parameters, answer)
    raise LookupError(f"The installed stripe package makes no call {verb} {path} in {service}.")
