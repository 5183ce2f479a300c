"""Fifty lives, the same each time; `make endurance` lives two hundred, `make random-lives` ten thousand.

A life is a list of some eight things that happen to three people, drawn by Hypothesis from the rules of this
folder. What each of them may be charged and hold is kept by a small model that knows nothing of the shop's code.
"""

import asyncio
import os

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis.stateful import get_state_machine_test

from tests.random_lives.machine import Lives
from tests.random_lives.stage import Backstage, all_that_happens

RUNS = int(os.environ.get("LIVES", "50"))
EACH = max(1, min(50, RUNS))
STEPS = int(os.environ.get("STEPS", "8"))


@pytest.mark.parametrize("shard", range(max(1, RUNS // EACH)))
async def test_whatever_happens_money_and_benefits_are_right(db: None, dsn: str, shard: int) -> None:
    Backstage.loop, Backstage.dsn = asyncio.get_running_loop(), dsn
    how = hypothesis.settings(
        max_examples=min(EACH, RUNS),
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    life = hypothesis.seed(shard)(get_state_machine_test(Lives, settings=how))
    Backstage.happened.clear()
    await asyncio.to_thread(life)
    assert len(Backstage.happened) * 3 > len(all_that_happens(Lives)) * 2, "lives in which little happens prove little"
