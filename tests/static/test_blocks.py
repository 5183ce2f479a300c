"""Templates wear only classes that the style knows, and nothing is styled or scripted in place."""

import re
from pathlib import Path

HOUSE = Path(__file__).parents[2]
SHEETS = "".join(path.read_text() for path in (HOUSE / "static" / "css").glob("*/*.css"))
KNOWN = set(re.findall(r"\.([a-zA-Z][\w-]*)", SHEETS))
PAGES = [
    path.relative_to(HOUSE / "templates").as_posix()
    for path in sorted((HOUSE / "templates").rglob("*.html"))
    if not {"standin", "emails"} & set(path.parts) and path.name not in ("email.html", "copy.html")
]
"""A person's copy of their data is opened from their own disk, where the shop's styles are not."""


def worn(source: str) -> set[str]:
    """The classes a template names in full; what it puts together from values is left out."""
    names: set[str] = set()
    for written in re.findall(r'class="([^"]*)"', source):
        fixed = re.sub(r"\S*(\{\{.*?\}\}|\{%.*?%\})\S*", " ", written)
        names |= {name for name in fixed.split() if re.fullmatch(r"[a-z][\w-]*", name)}
    return names


def source(name: str) -> str:
    return (HOUSE / "templates" / name).read_text()


def test_templates_wear_only_classes_that_are_styled() -> None:
    assert len(PAGES) > 200
    assert {name: unknown for name in PAGES if (unknown := worn(source(name)) - KNOWN)} == {}


def in_place(source: str) -> list[str]:
    """Style and scripts written into a page: the content security policy would ignore them anyway."""
    attributes = re.finditer(r"\s(style|on\w+|hx-on[\w:.-]*)=", source)
    elements = re.finditer(r"<style|<script(?![^>]*\ssrc=)(?![^>]*application/ld\+json)", source)
    return [found[0].strip() for found in (*attributes, *elements)]


def test_nothing_is_styled_or_scripted_in_place() -> None:
    assert {name: found for name in PAGES if (found := in_place(source(name)))} == {}
    assert in_place('<p style="" onclick="">') == ["style=", "onclick="] and in_place("<script>") == ["<script"]


OURS = [path for folder in ("shop", "staff") for path in sorted((HOUSE / "static" / "css" / folder).glob("*.css"))]


def outside(path: Path) -> str:
    """What a sheet says outside of its layers."""
    bare = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL).strip()
    depth, found = 0, ""
    for character in bare:
        depth += (character == "{") - (character == "}")
        found += character if depth == 0 else ""
    is_layered = depth == 0 and re.fullmatch(r"(\s*}?\s*@layer [\w, ]+;?\s*)+}?\s*", found)
    return "" if is_layered else found or "not closed"


def test_a_sheet_stays_in_its_layer() -> None:
    """Everything outside `@layer` would win over everything inside."""
    assert len(OURS) > 30
    assert {path.name: found for path in OURS if (found := outside(path))} == {}
