"""Storing a mirrored row, and what has changed in it."""

from dataclasses import dataclass
from typing import Any

from piccolo.table import Table

from components.foundation import clock
from components.foundation.database.advisory_locks import take_turns


@dataclass(frozen=True)
class MirrorChange:
    """A row before (None when it is new) and after. `mirrored_at` does not count as a change."""

    before: dict[str, Any] | None
    after: dict[str, Any]

    @property
    def is_real(self) -> bool:
        return self.before is None or any(self.before[name] != value for name, value in self.after.items())

    def has_become(self, **columns: Any) -> bool:
        """All these values hold now and did not all hold before."""
        holds_now = all(self.after[name] == value for name, value in columns.items())
        held_before = self.before is not None and all(self.before[name] == value for name, value in columns.items())
        return holds_now and not held_before


async def lock_row(stripe_id: str) -> None:
    """Anyone else mirroring this object waits here, then reads it again: the last to write has read last."""
    await take_turns(stripe_id)


async def store(table: type[Table], stripe_id: str, values: dict[str, Any], *, once: dict[str, Any]) -> MirrorChange:
    """Write the row of an object locked by `lock_row`; the values of `once` are stored only the first time."""
    key = table._meta.primary_key
    before = await table.select().where(key == stripe_id).first()
    if before is None:
        after = {**values, **once}
        await table.insert(table(**{key._meta.name: stripe_id, **after, "mirrored_at": clock.now()}))
        return MirrorChange(None, after)
    changes = {getattr(table, name): value for name, value in values.items()}
    await table.update({**changes, "mirrored_at": clock.now()}).where(key == stripe_id)
    return MirrorChange(before, values)
