"""On a phone a cell of a stacked table is a row of its own, whose label and content stand at its two ends: what reads
as one in the cell is one element there, or its parts would be spread over the row."""

import re
from html.parser import HTMLParser
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
STACKED = re.compile(r"{% call table_stacked\(.*?{% endcall %}", re.S)
JINJA = re.compile(r"{#.*?#}|{%.*?%}", re.S)
SAID = re.compile(r"{{.*?}}", re.S)
VOID = {"br", "img", "input"}


class _Cells(HTMLParser):
    """The cells in which a line ends outside of any element."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = -1
        self.cells = 0
        self.broken: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("td", "th"):
            self.depth, self.cells = 0, self.cells + 1
        elif self.depth == 0 and tag == "br":
            self.broken.append(self.getpos()[0])
        elif self.depth >= 0 and tag not in VOID:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth = -1 if tag in ("td", "th") else self.depth - 1 if self.depth > 0 else self.depth


def _plain(source: str) -> str:
    """Without Jinja, at the same lines."""
    return JINJA.sub(lambda found: "\n" * found[0].count("\n"), SAID.sub("said", source))


def broken(source: str) -> tuple[int, list[int]]:
    cells = _Cells()
    for found in STACKED.finditer(source):
        before = "\n" * source[: found.start()].count("\n")
        cells.reset()
        cells.depth = -1
        cells.feed(_plain(before + found[0].replace('"{{ _("', "'").replace('") }}"', "'")))
    return cells.cells, cells.broken


def test_what_a_cell_says_is_one_element() -> None:
    looked_at, wrong = 0, list[str]()
    for path in sorted(TEMPLATES.rglob("*.html")):
        cells, lines = broken(path.read_text())
        looked_at += cells
        wrong += [f"{path.relative_to(TEMPLATES)}:{line}" for line in lines]
    assert looked_at > 200 and wrong == []


def test_a_cell_whose_parts_would_be_spread_is_found() -> None:
    table = '{% call table_stacked("Paid") %}\n<td data-label="Amount">\n  {{ a }}<br>{{ b }}\n</td>{% endcall %}'
    assert broken(table) == (1, [3])
    assert broken(table.replace("{{ a }}", "<div>{{ a }}").replace("{{ b }}", "{{ b }}</div>")) == (1, [])
