"""The house as it was planned: who may use whom, how long things get, and nothing left lying about."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted([*(ROOT / "components").rglob("*.py"), *(ROOT / "web").rglob("*.py")])
LONGEST_FILE, LONGEST_FUNCTION = 300, 45
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


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    source = path.read_text()
    assert source.count("\n") <= LONGEST_FILE, f"{source.count(chr(10))} lines"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno
            assert lines < LONGEST_FUNCTION, f"{node.name}: {lines} lines"


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_say_what_a_thing_is(path: Path) -> None:
    assert path.stem not in NOT_NAMES
    assert not NOT_NAMES & set(path.relative_to(ROOT).parts)


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_time_and_ids_come_from_the_foundation(path: Path) -> None:
    if "standin" in path.parts or (path.name in {"clock.py", "ids.py"} and "foundation" in path.parts):
        return
    source = path.read_text()
    for forbidden in ("datetime.now(", "datetime.utcnow(", "time.time()", "uuid4()", "date.today("):
        if forbidden == "uuid4()" and path.name == "settings.py":
            continue
        assert forbidden not in source, f"{forbidden} in {path.relative_to(ROOT)}"


@pytest.mark.parametrize(
    "folder", sorted(p.parent for p in (ROOT / "components").glob("*/__init__.py")), ids=lambda path: path.name
)
def test_a_component_says_what_it_owns(folder: Path) -> None:
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or ""
    assert len(docstring.split()) >= 8, "say what it owns and what it leaves to others"


def test_migrations_build_what_the_tables_say() -> None:
    from tests.architecture import migrations_agree

    found = subprocess.run(
        [sys.executable, "-m", migrations_agree.__name__], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout[-3000:]
