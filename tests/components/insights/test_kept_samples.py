"""What is kept wrong shows in a share that is drawn by chance."""

import pytest

from components.foundation import database
from components.insights.rollups import figure_rolls, kept_samples
from tests.components.insights.test_kept_figures import PEOPLE, some_movements

DAMAGE = (
    ("movements", "DELETE FROM figure_movement WHERE person = $1"),
    ("people who pay", "UPDATE figure_standing SET a_month = a_month + 1 WHERE person = $1"),
    ("months", "UPDATE figure_month SET people = people + 1 WHERE $1::uuid IS NOT NULL"),
    ("cohorts", "UPDATE figure_cohort SET mrr = mrr + 1 WHERE $1::uuid IS NOT NULL"),
    ("plans of movements", "UPDATE figure_plan_movement SET amount = amount + 1 WHERE person = $1"),
    ("months of plans", "UPDATE figure_plan_month SET people = people + 1 WHERE $1::uuid IS NOT NULL"),
    ("totals", "UPDATE figure_state SET mrr = mrr + 1 WHERE $1::uuid IS NOT NULL"),
)


@pytest.mark.parametrize(("name", "damage"), DAMAGE)
async def test_a_share_drawn_by_chance_shows_what_is_kept_wrong(db: None, name: str, damage: str) -> None:
    history = await some_movements()
    assert await kept_samples.differences() == [], "where nothing is kept nothing is wrong"
    await figure_rolls.roll_all()
    await history.write((1, 77, 0, 200 if history.balances[PEOPLE[1]] != 200 else 450))
    assert await kept_samples.differences() == [], "who is queued is left out"
    person = next(one for one in PEOPLE if one != PEOPLE[1] and history.balances[one])
    assert await database.execute(damage, person) > 0
    assert name in {one.name for one in await kept_samples.differences()}
