"""Many cells in one test: it begins once, asks in every cell, and names all that are wrong.

`@every_cell("path, status", [...])` stands where `@pytest.mark.parametrize` would, on tests whose cells leave nothing
behind that the next could notice: what is refused, or only read. Each cell has the instant of the beginning, and a
`monkeypatch` of its own that is undone after it.
"""

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from components.foundation import clock

Test = Callable[..., Any]


def every_cell(names: str | tuple[str, ...], cells: Iterable[Any]) -> Callable[[Test], Test]:
    named = tuple(one.strip() for one in names.split(",")) if isinstance(names, str) else names
    listed = [tuple(cell) if len(named) > 1 else (cell,) for cell in cells]
    assert listed and all(len(cell) == len(named) for cell in listed), f"{named} and its cells differ"

    def all_in_one(test: Test) -> Test:
        begins_with = inspect.signature(test)
        asked_for = list(begins_with.parameters.values())
        assert set(named) <= set(begins_with.parameters), f"{test.__name__} does not ask for all of {named}"

        def one_by_one(given: dict[str, Any], wrong: list[Exception]) -> Iterator["_Cell"]:
            instant = clock.now()
            for number, cell in enumerate(listed):
                clock.set_everywhere(instant)
                yield _Cell(given, dict(zip(named, cell, strict=True)), number, wrong)
            if wrong:
                raise ExceptionGroup(f"{len(wrong)} of {len(listed)} cells are wrong", wrong)

        @functools.wraps(test)
        async def awaited(**given: Any) -> None:
            for cell in one_by_one(given, []):
                with cell.entered() as everything:
                    await test(**everything)

        @functools.wraps(test)
        def called(**given: Any) -> None:
            for cell in one_by_one(given, []):
                with cell.entered() as everything:
                    test(**everything)

        made: Any = awaited if inspect.iscoroutinefunction(test) else called
        made.__signature__ = begins_with.replace(parameters=[one for one in asked_for if one.name not in named])
        return made  # type: ignore[no-any-return]

    return all_in_one


class _Cell:
    def __init__(self, given: dict[str, Any], own: dict[str, Any], number: int, wrong: list[Exception]) -> None:
        self._given, self._own, self._number, self._wrong = given, own, number, wrong

    @contextmanager
    def entered(self) -> Iterator[dict[str, Any]]:
        """What the test is called with. What it raises is kept for the end, with the cell's name."""
        with pytest.MonkeyPatch.context() as patch:
            patches = {"monkeypatch": patch} if "monkeypatch" in self._given else {}
            try:
                yield {**self._given, **patches, **self._own}
            except (Exception, pytest.fail.Exception) as trouble:
                told = trouble if isinstance(trouble, Exception) else AssertionError(str(trouble))
                told.add_note(f"in cell {self._number}: {', '.join(f'{k}={v!r:.200}' for k, v in self._own.items())}")
                self._wrong.append(told)


__all__ = ["every_cell"]
