"""What opens out of the masthead lies over the page, also over pictures of a dark page, which have a filter."""

import re
from pathlib import Path

SHEETS = Path(__file__).parents[2] / "static" / "css" / "shop"


def test_the_masthead_is_higher_than_the_page_because_its_name_keeps_the_menu_inside() -> None:
    masthead = re.search(r"\.masthead \{([^}]*)\}", (SHEETS / "masthead.css").read_text(encoding="utf-8"))
    assert masthead is not None
    assert "view-transition-name" in masthead[1]
    assert "position: relative" in masthead[1] and "z-index: 10" in masthead[1]
