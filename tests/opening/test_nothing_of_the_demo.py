"""No word of the demo is in the product itself: not in a template, an e-mail, a style, a script or a line of code."""

from pathlib import Path

from tests.support.demo_words import of_the_demo

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for folder, kinds in {"templates": ("html", "txt"), "static/css": ("css",), "static/js": ("js",),
                          "static/img": ("svg",), "web": ("py",), "components": ("py", "md", "json")}.items()
    for kind in kinds
    for path in sorted((ROOT / folder).rglob(f"*.{kind}"))
]  # fmt: skip
MAY_NAME_IT = ("components/demo/", "components/people/identity/published_passwords.py")
"""The demo itself, and the guard that refuses its published passwords where money is real."""


def test_no_word_name_or_example_of_the_demo_is_in_the_product() -> None:
    assert len(SOURCES) > 900
    found = {
        str(path.relative_to(ROOT)): words
        for path in SOURCES
        if not str(path.relative_to(ROOT)).startswith(MAY_NAME_IT) and (words := of_the_demo(path.read_text()))
    }
    assert found == {}


def test_no_message_calls_a_shop_of_ones_own_a_demo() -> None:
    text = (ROOT / "components/foundation/languages/catalogues/de.po").read_text()
    assert [line for line in text.splitlines() if line.startswith(("msg", '"')) and "demo" in line.lower()] == []


def test_each_kind_of_word_is_found() -> None:
    seeded = "Kiln sells Moon Jar and mugs, wood ash glazes; ask iris@kiln.test or Iris Thorne. Mugs & cups"
    assert {"Kiln", "mugs", "wood ash", "glazes", "iris@kiln.test", "Iris Thorne"} <= set(of_the_demo(seeded))
    assert of_the_demo("Spotted potential clients hugged") == []
