"""Templates wear only classes that the style knows, and nothing is styled or scripted in place."""

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
SHEETS = "".join(path.read_text() for path in (HOUSE / "static" / "css").glob("*/*.css"))
KNOWN = set(re.findall(r"\.([a-zA-Z][\w-]*)", SHEETS))
PAGES = [
    path.relative_to(HOUSE / "templates").as_posix()
    for path in sorted((HOUSE / "templates").rglob("*.html"))
    if not {"standin", "emails"} & set(path.parts) and path.name != "letter.html"
]


def worn(source: str) -> set[str]:
    """The classes a template names in full; what it puts together from values is left out."""
    names: set[str] = set()
    for written in re.findall(r'class="([^"]*)"', source):
        fixed = re.sub(r"\S*(\{\{.*?\}\}|\{%.*?%\})\S*", " ", written)
        names |= {name for name in fixed.split() if re.fullmatch(r"[a-z][\w-]*", name)}
    return names


@pytest.mark.parametrize("name", PAGES)
def test_it_wears_only_classes_that_are_styled(name: str) -> None:
    assert worn((HOUSE / "templates" / name).read_text()) - KNOWN == set()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_styled_or_scripted_in_place(name: str) -> None:
    """The content security policy would ignore it anyway."""
    source = (HOUSE / "templates" / name).read_text()
    assert not re.search(r"\s(style|on\w+|hx-on[\w:.-]*)=", source)
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)(?![^>]*application/ld\+json)", source)


OURS = [path for folder in ("shop", "staff") for path in sorted((HOUSE / "static" / "css" / folder).glob("*.css"))]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_a_sheet_stays_in_its_layer(path: Path) -> None:
    """Everything outside `@layer` would win over everything inside."""
    bare = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL).strip()
    depth, outside = 0, ""
    for character in bare:
        depth += (character == "{") - (character == "}")
        outside += character if depth == 0 else ""
    assert re.fullmatch(r"(\s*}?\s*@layer [\w, ]+;?\s*)+}?\s*", outside), outside
    assert depth == 0
