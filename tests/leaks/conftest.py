"""One world for all tests of leaks in a process: made when first needed, and again if another test has emptied it."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from components.catalog.snapshot import snapshot_refresh
from components.foundation import clock, database
from components.foundation.database import fetch_value
from components.memberships.plans import plan_cache
from tests.leaks import oracle, personas, world
from tests.leaks.oracle import Rows
from tests.leaks.personas import Persona
from tests.leaks.world import BEGINNING, T, World
from tests.support import databases
from web import app as application


@dataclass
class Scene:
    world: World
    rows: Rows
    personas: dict[str, Persona]
    app: Any


class _Kept:
    scene: Scene | None = None


class _Undone(Exception):
    pass


@contextlib.asynccontextmanager
async def undone() -> AsyncIterator[None]:
    """Whatever is written within never was: what is bought here is nobody's own order afterwards."""
    with contextlib.suppress(_Undone):
        async with database.transaction():
            yield
            raise _Undone


@pytest.fixture
async def scene(pool: None) -> AsyncIterator[Scene]:
    kept = _Kept.scene
    if kept is None or not await fetch_value("SELECT true FROM product WHERE id = $1", kept.world.products["buried"]):
        kept = _Kept.scene = await _made()
    await snapshot_refresh.refresh()
    await plan_cache.refresh()
    clock.set_everywhere(T)
    yield kept


async def _made() -> Scene:
    await databases.empty()
    clock.set_everywhere(BEGINNING)
    made = await world.make()
    await snapshot_refresh.refresh()
    await plan_cache.refresh()
    everybody = await personas.make(made)
    return Scene(made, await oracle.read(), everybody, application.assemble(stand_in=None, works=False))
