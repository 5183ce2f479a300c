"""Styles follow the direction of reading, so that a page in Arabic is the mirror of one in English."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHEETS = ROOT / "static" / "css" / "shop"
EMAILS = ROOT / "templates" / "layouts" / "email.html"
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_BY_FIRST_LETTER = re.compile(r"\btext-align: (?:start|end)\b")
"""Follows the first letter of a text, which is not the page's where its owner writes in another alphabet."""
_SIDES = re.compile(r"\b(left|right)\b")
_FOUR_SIDES = re.compile(r"\b(?:margin|padding|inset|border-width|border-radius): (\S+) (\S+) (\S+) (\S+);")
_TURNED = ("::after", "::before")
"""Drawn marks, which are turned afterwards."""


def physical(sheet: str) -> list[str]:
    """What stands left or right in every language: rules that say for which direction they are may do so."""
    found = []
    for selector, declared in _RULE.findall(re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)):
        if '[dir="' in selector:
            continue
        for line in (f"{one.strip()};" for one in declared.split(";") if one.strip()):
            sides = _FOUR_SIDES.search(line)
            is_lopsided = sides is not None and sides[2] != sides[4] and not selector.strip().endswith(_TURNED)
            if is_lopsided or (_SIDES.search(line) and "background-position" not in line):
                found.append(line)
    return found


def test_no_style_of_the_shop_names_a_side() -> None:
    sheets = sorted(SHEETS.glob("*.css"))
    assert len(sheets) > 40
    found = {sheet.name: lines for sheet in sheets if (lines := physical(sheet.read_text(encoding="utf-8")))}
    assert found == {}


def test_text_stands_on_the_side_of_the_page_whatever_letter_it_begins_with() -> None:
    sheets = sorted((ROOT / "static" / "css").glob("s[ht]*/*.css"))
    assert {sheet.name for sheet in sheets if _BY_FIRST_LETTER.search(sheet.read_text(encoding="utf-8"))} == set()


def test_of_two_amounts_beside_each_other_the_struck_one_comes_first() -> None:
    """Neither has a letter to take a direction from: their line takes that of the page."""
    sheet = (SHEETS / "utilities.css").read_text(encoding="utf-8")
    by_first_letter, by_page = '[dir="rtl"] body * { unicode-bidi: plaintext; }', '[dir="rtl"] body :has(> s) {'
    assert sheet.index(by_first_letter) < sheet.index(by_page)


def test_e_mails_name_a_side_only_by_the_direction_of_their_language() -> None:
    sheet = EMAILS.read_text(encoding="utf-8").split("<style>")[1].split("</style>")[0]
    chosen, rules = sheet.split("%}", 1)
    assert 'spoken.direction == "rtl"' in chosen
    assert physical(re.sub(r"\{[{%].*?[%}]\}", "x", rules)) == []


def test_a_style_that_names_a_side_would_be_found() -> None:
    sheet = '.a { margin-left: 1px; } .b { padding: 1px 2px 3px 4px; } [dir="rtl"] .c { left: 0; } .d { inset: 1px; }'
    assert physical(sheet) == ["margin-left: 1px;", "padding: 1px 2px 3px 4px;"]
