"""The rows behind the shop's settings: read by every process, added to by staff, first taken from the environment."""

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import audit, clock, database, ids
from components.foundation.database.advisory_locks import take_turns
from components.foundation.database.notifications import listener
from components.foundation.refusals import Refusal
from components.foundation.settings import BadSetting
from components.foundation.shop_settings import setting_rules, shop_settings
from components.foundation.shop_settings.shop_settings import NAMES, ShopSettings
from components.foundation.tables import ShopSetting

CHANNEL = "shop_settings"
LATEST = "SELECT DISTINCT ON (name) name, value FROM shop_setting ORDER BY name, at DESC, id DESC"


class ShopSettingRefused(Refusal):
    """`name` is the setting; the words can stand beside its field."""

    def __init__(self, name: str, words: str) -> None:
        self.name = name
        super().__init__(f"This {words}.")


@dataclass(frozen=True, slots=True)
class SettingChange:
    """`by` is None for what was taken from the environment."""

    name: str
    value: str
    at: datetime
    by: UUID | None


class _Ears:
    are_open = False
    followers: list[Callable[[], Awaitable[None]]] = []


def environment() -> dict[str, str]:
    """The settings that environment variables of the same names give. Raises `BadSetting`."""
    found = {name: text for name in NAMES if (text := os.environ.get(name.upper(), "").strip())}
    for name, text in found.items():
        if words := setting_rules.trouble(name, text):
            raise BadSetting(f"{name.upper()} {words.rstrip('.')}.")
    return found


def follow(reread: Callable[[], Awaitable[None]]) -> None:
    """`reread` is called in each process after a change: for what is kept in memory and depends on a setting."""
    _Ears.followers.append(reread)


async def start() -> None:
    """Read them, and keep them up to date from then on."""
    if not _Ears.are_open:
        listener.on(CHANNEL, _heard, after_a_gap=refresh)
        _Ears.are_open = True
    await refresh()


async def refresh() -> None:
    """Rows first; what none says yet comes from the environment; the rest are defaults."""
    before = shop_settings.version()
    shop_settings.use(ShopSettings().changed(environment() | await _written()))
    if shop_settings.version() != before:
        for reread in _Ears.followers:
            await reread()


async def adopt_environment() -> None:
    """Write down what only the environment says, so that a process started without it knows the same."""
    async with database.transaction():
        await take_turns("shop_settings")
        known = await _written()
        await _write({name: text for name, text in environment().items() if name not in known}, by=None)
    await refresh()


async def change(wanted: Mapping[str, str], *, by: UUID | None) -> tuple[str, ...]:
    """Change these settings; returns the names of those that are different now. Raises `ShopSettingRefused`.

    Whether the shop can still change its currency is for the caller to know.
    """
    for name, text in wanted.items():
        if words := setting_rules.trouble(name, text):
            raise ShopSettingRefused(name, words)
    async with database.transaction():
        await take_turns("shop_settings")
        before = ShopSettings().changed(environment() | await _written())
        was = {name: str(getattr(before, name)) for name in wanted}
        new = {name: text for name, text in wanted.items() if was[name] != text}
        await _write(new, by=by)
        if new:
            told = {name: was[name] for name in new}
            await audit.record(by, "settings changed", "shop settings", "shop", before=told, after=new)
    await refresh()
    return tuple(new)


async def history(names: tuple[str, ...], *, most: int = 20) -> tuple[SettingChange, ...]:
    """The latest changes of these settings, newest first."""
    row = ShopSetting
    found = (
        await row.select(row.name, row.value, row.at, row.by)
        .where(row.name.is_in(list(names)))
        .order_by(row.at, row.id, ascending=False)
        .limit(most)
    )
    return tuple(SettingChange(**one) for one in found)


async def _written() -> dict[str, str]:
    return dict(await database.fetch_rows(LATEST))


async def _write(values: Mapping[str, str], *, by: UUID | None) -> None:
    if values:
        at = clock.now()
        rows = [ShopSetting(id=ids.new(), name=name, value=text, at=at, by=by) for name, text in values.items()]
        await ShopSetting.insert(*rows)


async def _heard(_payload: str) -> None:
    await refresh()
