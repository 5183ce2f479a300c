"""A mapping with few changes at a time: a large shared dict, and the differences from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
DEEPEST = 1_000


class OverlayMap(Generic[K, V]):
    """Immutable. The cost of `with_changes` depends on the changes since the large dict was made, not on its size."""

    __slots__ = ("_base", "_over")

    def __init__(self, base: dict[K, V], over: Mapping[K, V | None] | None = None) -> None:
        self._base = base
        self._over = over or {}

    def get(self, key: K) -> V | None:
        return self._over[key] if key in self._over else self._base.get(key)

    def with_changes(self, changes: Mapping[K, V | None]) -> OverlayMap[K, V]:
        """The same mapping with these keys set, or (None) removed."""
        over = {**self._over, **changes}
        if len(over) <= DEEPEST:
            return OverlayMap(self._base, over)
        merged = {**self._base, **over}
        return OverlayMap({key: value for key, value in merged.items() if value is not None})

    def values(self) -> Iterator[V]:
        for key, value in self._base.items():
            if key not in self._over:
                yield value
        for changed in self._over.values():
            if changed is not None:
                yield changed

    def __len__(self) -> int:
        return sum(1 for _ in self.values()) if self._over else len(self._base)
