"""Every link of a staff page that is written out in its template leads to a page."""

import re
from pathlib import Path

import pytest

from tests.support import site_map

ROOT = Path(__file__).parents[2]
_WRITTEN = re.compile(r"""(?:href=|link_button\([^()]*, )["'](/[\w/.-]*[\w.-])(?=["'?#])""")
"""Of an attribute or a button. What goes on after it is not known here."""


def _links(text: str) -> set[str]:
    return set(_WRITTEN.findall(text))


def test_every_link_of_the_staff_area_leads_somewhere() -> None:
    lost, links = list[str](), set[str]()
    for file in sorted((ROOT / "templates/staff").rglob("*.html")):
        found = _links(file.read_text("utf-8"))
        links |= found
        lost += [f"{file.relative_to(ROOT)}: {one}" for one in sorted(found) if not site_map.kind_of(one)]
    assert len(links) > 40
    assert lost == []


@pytest.mark.parametrize("text", ['<a href="/staff/visitors">', 'link_button("Visitors", "/staff/visitors?x=1")'])
def test_a_link_that_leads_nowhere_is_noticed(text: str) -> None:
    assert [one for one in _links(text) if not site_map.kind_of(one)] == ["/staff/visitors"]
