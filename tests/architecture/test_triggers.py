"""One database serves all tests of a process: a trigger that one of them switches off is switched on again by it."""

import re

from tests.architecture.test_house import ROOT, named

SWITCHED = re.compile(r"ALTER TABLE ([\w{}]+) (DISABLE|ENABLE) TRIGGER (?:USER|\w+)")


def test_what_switches_triggers_off_switches_them_on_again() -> None:
    left, switched = [], 0
    for path in sorted((ROOT / "tests").rglob("*.py")):
        off = set[str]()
        for table, how in SWITCHED.findall(path.read_text()):
            switched += 1
            (off.add if how == "DISABLE" else off.discard)(table)
        left += [f"{named(path)}: {table}" for table in sorted(off)]
    assert switched > 10 and left == []
