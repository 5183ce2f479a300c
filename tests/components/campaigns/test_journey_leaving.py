"""Who leaves a journey, also where nobody else is due; and what goes out late or of somebody else."""

import dataclasses
from datetime import timedelta

import asyncpg
import pytest

from components.campaigns.journeys import journey_entering, journey_walking
from components.consents import consents
from components.foundation import clock, database
from tests.components.campaigns import walked
from tests.components.campaigns.walked import EMAIL, only_if, wait

pytestmark = pytest.mark.usefixtures("db")
SECOND = dataclasses.replace(EMAIL, subject="Again, {name}")


async def test_one_who_leaves_alone_keeps_nobody_else_waiting() -> None:
    await walked.running("welcome", wait(days=1), EMAIL, wait(days=1), SECOND)
    await walked.member("first")
    await walked.later(days=1, hours=1)
    assert await walked.written() == ["first: Hello First"]
    await walked.member("other")
    await walked.later(minutes=5)
    await consents.withdraw("first@kiln.test", ("news",), how="unsubscribe")
    await walked.later(days=1, hours=1)
    assert await walked.written() == ["first: Hello First", "other: Hello Other"]
    assert await walked.outcomes() == {"withdrawn": 1, "": 1}


@pytest.mark.parametrize(("asked", "other"), [("not_used", "used"), ("not_ordered", "ordered")])
async def test_who_joined_while_ordering_has_used_it_and_has_ordered(asked: str, other: str) -> None:
    await walked.running("welcome", only_if(asked), EMAIL)
    await walked.running("welcome", only_if(other), SECOND)
    now = clock.now()
    for name, before in (
        ("early", timedelta(hours=1)),
        ("together", timedelta(seconds=-1)),
        ("long", timedelta(days=2)),
    ):
        person = await walked.member(name, since=now + timedelta(seconds=1))
        await walked.uses(person, at=now - before)
        await walked.orders(person, at=now - before)
    await walked.later(minutes=5)
    assert sorted(await walked.written()) == ["early: Again, Early", "long: Hello Long", "together: Again, Together"]


async def test_whose_address_is_new_waits_until_their_consent_has_come_along() -> None:
    await walked.running("welcome", wait(days=1), EMAIL)
    await walked.member("noor")
    await walked.member("theo")
    await walked.later(minutes=5)
    for name in ("noor", "theo"):
        moved = "UPDATE person SET email = $2 WHERE email = $1"
        await database.execute(moved, f"{name}@kiln.test", f"new-{name}@kiln.test")
    await walked.later(days=1)
    assert await walked.outcomes() == {"": 2}
    await consents.agree("new-noor@kiln.test", ("news",), how="new address")
    await walked.later(minutes=5)
    assert await walked.written() == ["new-noor: Hello Noor"] and await walked.outcomes() == {"": 1, "finished": 1}
    await walked.later(hours=1)
    assert await walked.outcomes() == {"withdrawn": 1, "finished": 1}


async def test_where_nobody_can_be_let_in_those_on_their_way_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    one = await walked.running("welcome", wait(days=1), EMAIL)
    await walked.member("noor")
    await walked.later(minutes=5)
    monkeypatch.setattr(journey_entering, "_ENTER", "SELECT 1 / 0 {found} {condition}")
    clock.set_everywhere(clock.now() + timedelta(days=1))
    with pytest.raises(asyncpg.PostgresError):
        await journey_walking.walk(str(one.id))
    assert await walked.written() == ["noor: Hello Noor"]
