"""What no browser would send, to every route by every method, is answered with the edge's headers and never a 500."""

import asyncio
import os

import pytest

from benchmarks.fuzz import Found, Fuzzer, all_names, all_routes, ask
from tests.support.shops import Shop

pytestmark = pytest.mark.xdist_group("demo")
REQUESTS = int(os.environ.get("FUZZED_REQUESTS", "2000"))


async def test_fuzzed_requests_are_all_answered_in_order(demo: Shop) -> None:
    found, people = Found(), [demo.browser(), await demo.signed_in("maya@kiln.test"),
                              await demo.signed_in("iris@kiln.test")]  # fmt: skip
    fuzzer = Fuzzer(all_routes(), all_names())
    for number in range(REQUESTS):
        async with asyncio.timeout(60):
            await ask(people[number % len(people)].client, fuzzer.next(), found)
    assert found.faults == []
    assert found.statuses.total() == REQUESTS
    reached = {one.split(" ", 1)[1] for one in found.reached}
    assert set(fuzzer.routes) <= reached
