"""What goes wrong with one of many keeps none of the others waiting."""

import ast
import inspect
import textwrap

import pytest

from components import worker
from components.foundation.operations import one_by_one

ITS_OWN_WAY = {
    "deliver_fact": "a reaction that fails gets a job of its own",
    "send_gifts": "only announces, all in one transaction",
    "import_products": "steps of one file, which it goes on with where it was",
    "fetch_pictures": "each picture has a place and time for its next try",
    "carry_out_erasures": "each is tried, and what it raises is logged",
    "send_campaign": "lots of one campaign; the next minute goes on with them, and each campaign has its own job",
    "walk_journey": "lots of one journey; the next look goes on with them, and each journey has its own job",
    "drop_what_is_over": "each is tried, and what it raises is logged",
}


async def test_all_have_their_turn_and_the_job_still_fails() -> None:
    seen: list[int] = []

    async def act(thing: int) -> None:
        seen.append(thing)
        if thing % 2:
            raise ValueError(thing)

    with pytest.raises(ExceptionGroup) as failed:
        await one_by_one.each([1, 2, 3, 4], act, what="number")
    assert seen == [1, 2, 3, 4] and [str(one) for one in failed.value.exceptions] == ["1", "3"]
    await one_by_one.each([2, 4], act, what="number")
    await one_by_one.each([], act, what="number")


async def test_more_than_are_held_in_memory_have_their_turn_too() -> None:
    seen: list[int] = []

    async def lot(last: int | None) -> list[int]:
        return [one for one in range(1, 8) if last is None or one > last][:3]

    async def act(thing: int) -> None:
        seen.append(thing)
        if thing in (1, 4):
            raise ValueError(thing)

    with pytest.raises(ExceptionGroup) as failed:
        await one_by_one.each_in_lots(lot, act, what="number")
    assert seen == [1, 2, 3, 4, 5, 6, 7] and len(failed.value.exceptions) == 2


async def test_however_many_fail_they_are_all_counted() -> None:
    async def act(thing: int) -> None:
        raise ValueError(thing)

    async def lot(last: int | None) -> list[int]:
        return list(range((last or 0) + 1, (last or 0) + 31)) if (last or 0) < 60 else []

    with pytest.raises(ExceptionGroup, match="number: 60 failed") as failed:
        await one_by_one.each_in_lots(lot, act, what="number")
    assert len(failed.value.exceptions) == one_by_one.MOST_TOLD


async def test_a_part_of_a_job_that_fails_leaves_the_next_its_turn() -> None:
    seen: list[str] = []

    async def broken() -> None:
        seen.append("broken")
        raise ValueError

    async def sound() -> None:
        seen.append("sound")

    with pytest.raises(ExceptionGroup, match="part: 1 failed"):
        await one_by_one.steps(broken, sound, what="part")
    assert seen == ["broken", "sound"]


async def test_what_would_be_the_same_for_each_ends_it_at_once() -> None:
    seen: list[int] = []

    async def act(thing: int) -> None:
        seen.append(thing)
        raise (ValueError if thing == 1 else ConnectionError)(thing)

    with pytest.raises(ConnectionError):
        await one_by_one.each(
            [1, 2, 3], act, what="number", unless=lambda trouble: isinstance(trouble, ConnectionError)
        )
    assert seen == [1, 2]


def waits_in_a_loop(source: str) -> bool:
    loops = (node for node in ast.walk(ast.parse(textwrap.dedent(source))) if isinstance(node, ast.For | ast.While))
    return any(isinstance(node, ast.Await) for loop in loops for part in loop.body for node in ast.walk(part))


def test_whatever_is_scheduled_tries_each_by_itself() -> None:
    found = {name for name, task in worker.TASKS.items() if waits_in_a_loop(inspect.getsource(task))}
    assert found - set(ITS_OWN_WAY) == set(), "a loop in which one that raises keeps the rest from their turn"
    assert waits_in_a_loop("async def job():\n  for one in things:\n    await act(one)\n")
