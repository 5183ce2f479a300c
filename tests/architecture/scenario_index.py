"""Which test bears which scenario: read from the names of tests (`test_42_…`, `test_02_and_03_…`) and their docstrings.

`python -m tests.architecture.scenario_index` prints the rows of the table in `docs/scenarios.md`.
"""

import ast
import re
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).parents[1]
DOCUMENT = TESTS.parent / "docs" / "scenarios.md"
LAST = 60
IN_NAME = re.compile(r"test_((?:\d{1,2}_(?:and_|to_)?)+)")
IN_WORDS = re.compile(r"\b[Ss]cenarios? ((?:\d{1,2}(?:, | and |–)?)+)")
ROW = re.compile(r"^\| (\d{1,2}) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)


def bearers() -> dict[int, dict[str, int]]:
    """By number: the files that bear it, and how many of their tests do."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for path in sorted(TESTS.rglob("test_*.py")):
        for test in ast.walk(ast.parse(path.read_text())):
            if isinstance(test, (ast.FunctionDef, ast.AsyncFunctionDef)) and test.name.startswith("test_"):
                for number in numbers(test.name, ast.get_docstring(test) or ""):
                    found[number][path.relative_to(TESTS).as_posix()] += 1
    return found


def numbers(name: str, words: str = "") -> set[int]:
    """Those that a test's name begins with, and those that its docstring names."""
    named = IN_NAME.match(name)
    written = [*re.findall(r"\d+", named[1] if named else "")]
    for said in IN_WORDS.findall(words):
        written += re.findall(r"\d+", said)
    return {int(each) for each in written if 1 <= int(each) <= LAST}


def documented() -> dict[int, set[str]]:
    """By number, the files that the document names."""
    rows = ROW.findall(DOCUMENT.read_text())
    return {int(number): set(re.findall(r"`([^`]+)`", files)) for number, files in rows}


def main() -> None:
    """The table again, with its own words and the files of today."""
    words = dict(re.findall(r"^\| (\d{1,2}) \| ([^|]+) \|", DOCUMENT.read_text(), re.MULTILINE))
    borne = bearers()
    for number in range(1, LAST + 1):
        files = ", ".join(f"`{file}`" for file in sorted(borne[number]))
        print(f"| {number} | {words.get(str(number), '').strip()} | {files} |")


if __name__ == "__main__":
    main()
