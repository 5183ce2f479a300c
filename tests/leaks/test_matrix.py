"""Nobody is shown what is not for them, and nobody is kept from what is: every persona, every edge, every surface."""

import pytest

from tests.leaks import matrix, personas
from tests.leaks.conftest import Scene
from tests.leaks.matrix import Findings

GROUPS = 2


def _grouped() -> list[object]:
    return [
        pytest.param(name, marks=pytest.mark.xdist_group(f"leaks-{turn % GROUPS}"))
        for turn, name in enumerate(personas.NAMES)
    ]


@pytest.mark.parametrize("name", _grouped())
async def test_nothing_leaks_and_nothing_is_kept_from_anybody(scene: Scene, name: str) -> None:
    persona = scene.personas[name]
    moments = await matrix.moments_of(scene.world, persona)
    findings = await matrix.look(scene.app, scene.world, scene.rows, persona, moments, Findings())
    print(f"{name}: {findings.asked} answers")
    assert findings.troubles == [], str(findings)
