"""Much that changes at once, as an import brings, is worked into the snapshot beside the requests."""

import random
import threading
from collections.abc import ItemsView
from dataclasses import replace
from uuid import UUID

from benchmarks import loop_lag
from components.catalog.search.sort_indexes import AT_ONCE, Entry, in_order
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView


class Moves(dict[UUID, ProductView | None]):
    """Remembers which thread looked at it."""

    thread: threading.Thread | None = None

    def items(self) -> ItemsView[UUID, ProductView | None]:  # type: ignore[override]
        self.thread = threading.current_thread()
        return super().items()


async def test_many_changes_are_worked_in_by_a_thread_and_few_at_once() -> None:
    made = [loop_lag.product(number) for number in range(100)]
    first = await snapshot_refresh.loaded(made[:50], (), version=1)
    many, few = Moves({each.id: each for each in made[50:]}), Moves({made[0].id: None})
    await snapshot_refresh.after(first, few, (), version=2)
    assert few.thread is threading.main_thread()
    after = await snapshot_refresh.after(first, many, (), version=2)
    assert many.thread is not threading.main_thread()
    sold = Moves({made[60].id: replace(made[60], stamp=3)})
    await snapshot_refresh.after(after, sold, (), version=3)
    assert sold.thread is threading.main_thread()
    last = await snapshot_refresh.after(after, few, (), version=3)
    assert few.thread is not threading.main_thread(), "what many moved before is worded anew too"
    assert [len(each) for each in (first, after, last)] == [50, 100, 99]
    assert list(last.shelf(None, "shelf")) == [each.id for each in made[1:]]


async def test_the_order_of_a_collection_is_that_of_all() -> None:
    made = [loop_lag.product(number) for number in range(30)]
    own = made[0].variants[0].id
    some = [loop_lag.in_collection(each, own) if number % 3 == 0 else each for number, each in enumerate(made)]
    snapshot = await snapshot_refresh.loaded(some, (), version=1)
    assert list(snapshot.shelf(own, "price-down")) == [each.id for each in reversed(made[::3])]
    assert list(snapshot.shelf(UUID(int=0), "price")) == []


def test_a_large_order_that_is_sorted_in_pieces_is_the_same() -> None:
    dice, ids = random.Random(1), [UUID(int=number) for number in range(2 * AT_ONCE + 7)]
    entries: list[Entry] = [((dice.randrange(50),), dice.random() > 0.5, id) for id in ids]
    assert in_order(entries) == sorted(entries) and in_order([]) == []
