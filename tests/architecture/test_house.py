"""The house as it was planned: who may use whom, how long things get, and nothing left lying about."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.parsing import parsed

ROOT = Path(__file__).parents[2]
CODE = sorted([*(ROOT / "components").rglob("*.py"), *(ROOT / "web").rglob("*.py")])
LONGEST_FILE, LONGEST_FUNCTION = 420, 45
"""A file may be long where its halves are one idea (the tables of a component); few are: see the percentile below."""
FILE_P95, FUNCTION_P95 = 200, 25
FULLEST_FOLDER = 20
LONGEST_LINE = 120
NOT_NAMES = {"service", "services", "manager", "managers", "helper", "helpers", "util", "utils", "common", "base"}


def test_the_import_contracts_hold() -> None:
    found = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout[-3000:]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def too_long(path: Path) -> Iterator[str]:
    source = path.read_text()
    if (lines := source.count("\n")) > LONGEST_FILE:
        yield f"{named(path)}: {lines} lines"
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno
            if lines >= LONGEST_FUNCTION:
                yield f"{named(path)}: {node.name}: {lines} lines"


def test_files_and_functions_stay_small() -> None:
    assert [words for path in CODE for words in too_long(path)] == []


def percentile_95(counts: list[int]) -> int:
    return sorted(counts)[int(len(counts) * 0.95)]


def test_nineteen_of_twenty_files_and_functions_are_short() -> None:
    files = [path.read_text().count("\n") for path in CODE]
    functions = [
        (node.end_lineno or 0) - node.lineno + 1
        for path in CODE
        for node in ast.walk(parsed(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert percentile_95(files) <= FILE_P95 and percentile_95(functions) <= FUNCTION_P95


def test_no_folder_is_a_heap() -> None:
    """The long file is not beaten by the long folder."""
    counts = Counter(path.parent for path in CODE)
    assert {named(folder): count for folder, count in counts.items() if count > FULLEST_FOLDER} == {}


def test_lines_of_templates_and_styles_can_be_read() -> None:
    """One element a line: what nests is seen by its indentation."""
    looks = [path for folder in ("templates", "static/css") for path in sorted((ROOT / folder).rglob("*.*"))]
    found = [
        f"{named(path)}:{number}: {len(line)} characters"
        for path in looks
        for number, line in enumerate(path.read_text().split("\n"), 1)
        if len(line) > LONGEST_LINE
    ]
    assert len(looks) > 200 and found == []


def test_names_say_what_a_thing_is() -> None:
    assert [named(path) for path in CODE if NOT_NAMES & {path.stem, *path.relative_to(ROOT).parts}] == []


def times_and_ids_of_its_own(path: Path) -> Iterator[str]:
    if "standin" in path.parts or (path.name in {"clock.py", "ids.py"} and "foundation" in path.parts):
        return
    source = path.read_text()
    for forbidden in ("datetime.now(", "datetime.utcnow(", "time.time()", "uuid4()", "date.today("):
        if forbidden in source and not (forbidden == "uuid4()" and path.name == "settings.py"):
            yield f"{named(path)}: {forbidden}"


def test_time_and_ids_come_from_the_foundation() -> None:
    assert [words for path in CODE for words in times_and_ids_of_its_own(path)] == []


def test_a_component_says_what_it_owns() -> None:
    """And what it leaves to others: at least eight words."""
    silent = [
        named(path)
        for path in sorted((ROOT / "components").glob("*/__init__.py"))
        if len((ast.get_docstring(parsed(path.read_text())) or "").split()) < 8
    ]
    assert silent == []


ROW = re.compile(r"^\| `(\w+/\w+)` \| (.*) \|$", re.M)


def test_the_plan_of_the_house_has_every_room() -> None:
    """`docs/architecture.md` tells a newcomer what each folder inside a package holds; it forgets none."""
    told = dict(ROW.findall((ROOT / "docs" / "architecture.md").read_text()))
    packages = [path for top in ("components", "web") for path in (ROOT / top).iterdir() if path.is_dir()]
    without = {"components/demo", "web/standin"}  # not what a shop is made of
    lost = []
    for package in packages:
        name = package.relative_to(ROOT).as_posix()
        rooms = {path.parent.name for path in package.glob("*/__init__.py")}
        lost += [
            f"{name}/{room}" for room in sorted(rooms) if name not in without and f"`{room}`" not in told.get(name, "")
        ]
    gone = [name for name in told if not (ROOT / name).is_dir()]
    assert (lost, gone) == ([], [])


def test_the_searches_above_find_offenders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that is always empty proves nothing: one file that breaks every rule is found by each."""
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    bad = tmp_path / "helpers.py"
    bad.write_text("def long():\n" + "    x = 1\n" * 430 + "    return datetime.now(), uuid4()\n")
    assert list(too_long(bad)) == ["helpers.py: 432 lines", "helpers.py: long: 431 lines"]
    assert list(times_and_ids_of_its_own(bad)) == ["helpers.py: datetime.now(", "helpers.py: uuid4()"]


def test_migrations_build_what_the_tables_say() -> None:
    from tests.architecture import migrations_agree

    found = subprocess.run(
        [sys.executable, "-m", migrations_agree.__name__], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout[-3000:]
