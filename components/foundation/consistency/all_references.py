"""The references of every component, found as its tables are: in the `REFERENCES` of its `invariants.py`."""

import importlib
from functools import cache

from components.foundation.consistency.invariant_rules import References
from components.foundation.database.schema import COMPONENTS


@cache
def all_references() -> tuple[References, ...]:
    found = sorted(path.parent.name for path in COMPONENTS.glob("*/invariants.py"))
    modules = [importlib.import_module(f"components.{name}.invariants") for name in found]
    return tuple(one for module in modules for one in getattr(module, "REFERENCES", ()))
