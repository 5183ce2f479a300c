"""The taxes in one payment for a membership, told as one: their names, and the rate that they are together."""

from functools import lru_cache
from typing import NamedTuple

import msgspec

from components.foundation import json


class CombinedRate(NamedTuple):
    """`rate_bp` is None where it is not known."""

    tax_name: str
    rate_bp: int | None


class _Kept(msgspec.Struct, frozen=True):
    name: str
    rate_bp: int | None


@lru_cache(maxsize=1000)
def of(taxes: str | None) -> CombinedRate:
    """Of those that a payment kept; None where no payment is known."""
    if taxes is None:
        return CombinedRate("", None)
    found = json.load_as(list[_Kept], taxes)
    names = " + ".join(sorted({one.name for one in found}))
    known = [one.rate_bp for one in found if one.rate_bp is not None]
    return CombinedRate(names, sum(known) if len(known) == len(found) else None)
