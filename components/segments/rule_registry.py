"""The kinds of rules there are: those of every module in `rules`, and in any other folder added to its path."""

import importlib
import pkgutil
from functools import cache

from components.segments.rule_kind import GROUPS, RuleKind

PACKAGE = "components.segments.rules"


@cache
def all_kinds() -> dict[str, RuleKind]:
    """By key, in the order in which staff choose from them: by group, then as their modules have them."""
    folders = importlib.import_module(PACKAGE).__path__
    names = sorted(one.name for one in pkgutil.iter_modules(folders))
    found = [kind for name in names for kind in importlib.import_module(f"{PACKAGE}.{name}").KINDS]
    return {kind.key: kind for kind in sorted(found, key=lambda kind: GROUPS.index(kind.group))}
