"""The code's syntax, read once for all tests of this folder."""

import ast
from functools import cache


@cache
def parsed(source: str) -> ast.Module:
    """Do not change it."""
    return ast.parse(source)
