"""Limits on text that Stripe documents in words only: metadata, e-mails, lengths, empty strings."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from web.standin.contract.parameters import BadParameter

Json = Mapping[str, Any]
METADATA_KEYS, METADATA_KEY, METADATA_VALUE = 50, 40, 500
LONGEST = {
    "business_name": 150,
    "client_reference_id": 200,
    "customer_email": 512,
    "email": 512,
    "individual_name": 150,
    "lookup_key": 200,
    "name": 256,
    "phone": 20,
    "receipt_email": 512,
    "statement_descriptor": 22,
}
EMAILS = frozenset({"customer_email", "email", "receipt_email"})
NEVER_EMPTY = frozenset({"client_reference_id", "customer_email", "name", "receipt_email"})
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


def check(params: Json, *, creates: bool) -> None:
    """Raises `BadParameter`. An empty string clears a field of an existing object; a new one has nothing to clear."""
    for at, name, value in _texts(params, ""):
        if value == "" and (name in NEVER_EMPTY or name == "email") and (creates or "[" in at):
            raise _empty(at)
        if len(value) > LONGEST.get(name, len(value)):
            raise _too_long(at, value, LONGEST[name])
        if name in EMAILS and value and not _EMAIL.fullmatch(value):
            raise BadParameter(f"Invalid email address: {value}", code="email_invalid", param=at)


def _texts(params: Json, within: str) -> Iterator[tuple[str, str, str]]:
    """Where each text is, what it is called, and what it says; metadata is checked on the way."""
    for name, value in params.items():
        at = f"{within}[{name}]" if within else name
        if name == "metadata" and isinstance(value, Mapping):
            _check_metadata(value, at)
        elif isinstance(value, Mapping):
            yield from _texts(value, at)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Mapping):
                    yield from _texts(item, f"{at}[{index}]")
        elif isinstance(value, str):
            yield at, name, value


def _check_metadata(metadata: Json, at: str) -> None:
    if len(metadata) > METADATA_KEYS:
        raise BadParameter(too_many_keys(len(metadata)), code=None, param=at)
    for key, value in metadata.items():
        if len(key) > METADATA_KEY:
            words = f"Metadata keys must be at most {METADATA_KEY} characters, but the key {key} is {len(key)}."
            raise BadParameter(words, code=None, param=f"{at}[{key}]")
        if len(str(value)) > METADATA_VALUE:
            raise _too_long(f"{at}[{key}]", str(value), METADATA_VALUE)


def too_many_keys(count: int) -> str:
    return f"Metadata cannot have more than {METADATA_KEYS} keys, but this request would result in {count}."


def _too_long(at: str, value: str, most: int) -> BadParameter:
    words = f"Invalid string: {value[:4]}...{value[-4:]}; must be at most {most} characters"
    return BadParameter(words, code=None, param=at)


def _empty(at: str) -> BadParameter:
    words = (
        f"You passed an empty string for '{at}'. We assume empty values are an attempt to unset a parameter; however "
        f"'{at}' cannot be unset. You should remove '{at}' from your request or supply a non-empty value."
    )
    return BadParameter(words, code="parameter_invalid_empty", param=at)
