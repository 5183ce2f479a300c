"""Who leaves a journey, also where nobody else is due; and what goes out late or of somebody else."""

import dataclasses

import pytest

from components.consents import consents
from tests.components.campaigns import walked
from tests.components.campaigns.walked import EMAIL, wait

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
