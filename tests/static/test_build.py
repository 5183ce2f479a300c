"""The build gathers every asset under the name of its content, small enough for a phone."""

import gzip
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.cells import every_cell

STATIC = Path(__file__).parents[2] / "static"
KILO = 1000


def _build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", STATIC / "build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = _build()


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    assert build.main() == 0
    return dict(json.loads((STATIC / "built" / "manifest.json").read_text()))


def sent(manifest: dict[str, str], name: str) -> int:
    """How many bytes of this asset travel, zipped."""
    return len(gzip.compress((STATIC.parent / manifest[name].lstrip("/")).read_bytes(), 9))


def test_it_names_every_asset_pages_ask_for(manifest: dict[str, str]) -> None:
    assert {
        "shop.css", "staff.css", "app.js", "htmx.js", "speckle.svg",
        "dm-sans.woff2", "figtree.woff2", "fraunces.woff2", "inter.woff2", "lora.woff2", "playfair.woff2",
    } <= set(manifest)  # fmt: skip


def test_building_again_changes_nothing(manifest: dict[str, str]) -> None:
    def files() -> dict[str, int]:
        return {path.name: path.stat().st_mtime_ns for path in (STATIC / "built").iterdir()}

    before = files()
    assert build.main() == 0
    assert files() == before


def test_the_style_of_the_shop_fits_its_budget(manifest: dict[str, str]) -> None:
    assert sent(manifest, "shop.css") <= 14 * KILO


def test_the_scripts_fit_their_budget(manifest: dict[str, str]) -> None:
    assert sent(manifest, "htmx.js") + sent(manifest, "app.js") <= 20 * KILO


def test_the_style_points_only_to_assets_that_were_built(manifest: dict[str, str]) -> None:
    for name in ("shop.css", "staff.css"):
        sheet = (STATIC.parent / manifest[name].lstrip("/")).read_text()
        pointed = {part.split('"')[0] for part in sheet.split('url("')[1:]}
        assert pointed <= set(manifest.values())


def test_the_zipped_asset_is_the_asset(manifest: dict[str, str]) -> None:
    path = STATIC.parent / manifest["shop.css"].lstrip("/")
    assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == path.read_bytes()


@every_cell(
    ("written", "tight"),
    [
        ("a  >  b { color : red ; }", "a>b{color :red}"),
        ('/* why */ .x::before { content: "a  ;  b"; }', '.x::before{content:"a  ;  b"}'),
        (".x { inline-size: calc(1rem + 2 * var(--gutter)); }", ".x{inline-size:calc(1rem + 2 * var(--gutter))}"),
        ("a :hover, b { top: 0 }", "a :hover,b{top:0}"),
    ],
)
def test_squeezing_keeps_the_meaning(written: str, tight: str) -> None:
    assert build.squeezed_css(written) == tight
