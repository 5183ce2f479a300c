"""Segments asked about: who fits, how many, and the sentence that says it."""

import pytest

from components.segments import segments
from components.segments.rule_groups import RulesRefused
from tests.support import people

pytestmark = pytest.mark.usefixtures("db")

NO_ORDER = {"match": "all", "parts": [{"kind": "orders", "is": "at_most", "number": 0}]}
ONE_ORDER = {"match": "all", "parts": [{"kind": "orders", "is": "at_least", "number": 1, "days": 30}]}


async def test_whoever_fits_is_counted_and_found_by_themselves() -> None:
    noor = await people.customer()
    assert await segments.count(NO_ORDER) == 1 and await segments.count(ONE_ORDER) == 0
    assert await segments.fits(NO_ORDER, noor.id) and not await segments.fits(ONE_ORDER, noor.id)
    assert not await segments.fits(NO_ORDER, None)


def test_a_segment_is_said_in_a_sentence() -> None:
    assert segments.sentence(NO_ORDER) == "Customers who have never placed an order."
    both = {"match": "none", "parts": [*NO_ORDER["parts"], {"match": "all", "parts": [*ONE_ORDER["parts"]] * 2}]}
    assert segments.sentence(both) == (
        "All customers except those who have never placed an order or (have placed at least 1 order in the last 30 "
        "days and have placed at least 1 order in the last 30 days)."
    )


@pytest.mark.parametrize(
    "given", [None, {}, {"match": "all"}, {"match": "all", "parts": []}, {"match": "x", "parts": [1]}]
)
def test_what_never_was_rules_is_refused(given: object) -> None:
    with pytest.raises(RulesRefused):
        segments.compiled(given)  # type: ignore[arg-type]
