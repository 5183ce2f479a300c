"""Names: no two modules of components share a stem, no public class name stands twice, and private words stay away."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.parsing import parsed

ROOT = Path(__file__).parents[2]
SAME_IN_EVERY_COMPONENT = {
    "__init__",
    "tables",
    "facts",
    "invariants",
    "reactions",
    "schedule",
    "views",
    "erasure",
    "personal",
    "queries",
}
"""`queries` reads things back, `views` are values as shown, `erasure` is a part of erasing a person,
`personal` what becomes of each column."""
PRIVATE = re.compile(
    r"(?<![a-z])(soundness|told|takeout|stockroom|postings|shelves|stretches|purses|entitling|supposing|bringing|sweeping|"
    r"holdings|elsewhere|settling|letters?|behind|outcomes|crowd|whose|tries)(?![a-z])"
)
PLAIN = {"components/foundation/languages/letter_case.py"}
"""Where it is the word for the thing itself."""
SHE = re.compile(r"\b(she|her|hers|herself)\b", re.IGNORECASE)


def code(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def twice(pairs: Iterable[tuple[str, Path]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, path in pairs:
        found[name].append(path.relative_to(ROOT).as_posix())
    return {name: paths for name, paths in found.items() if len(paths) > 1}


def public_classes(path: Path) -> list[str]:
    body = parsed(path.read_text()).body
    return [node.name for node in body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def test_no_two_modules_of_components_share_a_stem() -> None:
    stems = ((path.stem, path) for path in code("components") if path.stem not in SAME_IN_EVERY_COMPONENT)
    assert twice(stems) == {}


def test_no_public_class_name_stands_twice() -> None:
    """The stand-in for Stripe knows nothing of the shop and has words of its own; it is looked at by itself."""
    own = code("web/standin")
    shop = [path for path in code("components", "web") if path not in own]
    for paths in (shop, own):
        assert twice((name, path) for path in paths for name in public_classes(path)) == {}


def test_no_file_has_a_word_that_only_we_understand() -> None:
    looks = [path for folder in ("templates", "static/css", "static/js") for path in (ROOT / folder).rglob("*.*")]
    named = [
        path.relative_to(ROOT).as_posix() for path in (*code("components", "web"), *looks) if PRIVATE.search(path.stem)
    ]
    assert [path for path in named if path not in PLAIN] == []


def test_a_customer_is_they() -> None:
    """In code and templates; the demo's articles tell of people."""
    text = [path for path in (ROOT / "templates").rglob("*.*") if path.suffix in {".html", ".txt", ".xml"}]
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()[:80]}"
        for path in [*code("components", "web"), *text]
        for number, line in enumerate(path.read_text().split("\n"), 1)
        if SHE.search(line)
    ]
    assert found == []


def known_names() -> set[str]:
    """Every class, name and attribute that the code has."""
    found: set[str] = set()
    for path in code("components", "web"):
        for node in ast.walk(parsed(path.read_text())):
            if isinstance(node, ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.alias):
                found.add((node.asname or node.name).split(".")[-1])
    return found | {"None"}


def test_what_a_docstring_names_is_there() -> None:
    """`OutOfStock` in a docstring is a promise: a class that was renamed is renamed there too."""
    known = known_names()
    found = [
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for path in code("components", "web")
        for name in re.findall(r"`([A-Z][a-z]+[A-Za-z]*)`", path.read_text())
        if name not in known
    ]
    assert len(known) > 3_000 and found == []


def test_the_searches_above_find_offenders() -> None:
    here = Path(__file__)
    assert twice([("tables", here), ("tables", here)]) == {"tables": ["tests/architecture/test_names.py"] * 2}
    assert PRIVATE.search("letters") and PRIVATE.search("request_outcomes") and not PRIVATE.search("retries")
    assert SHE.search("what she holds") and not SHE.search("other sheets")
