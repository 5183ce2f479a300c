"""Cells that a spreadsheet would take for a formula, made harmless.

A cell that came in with a file goes out as it was written: it is for the program that wrote it, and must be the same.
But what was written *here*, by staff or by anybody else, and begins like a formula goes out with an apostrophe before
it, which spreadsheets do not show; the import takes it away again, so that nothing changes by going round.
"""

_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def escape(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet would run it. Plain numbers stay numbers."""
    return f"'{text}" if text.startswith(_SIGNS) and not _is_number(text) else text


def unescape(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_SIGNS) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
