"""Escapes cells that a spreadsheet would treat as a formula.

An imported cell is exported as it was written: it belongs to the program that wrote it and must stay the same. Text
entered *here*, by staff or anyone else, that starts like a formula is exported with an apostrophe before it, which
spreadsheets do not show. The import removes it again, so that a round trip changes nothing.
"""

_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def escape(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet would run it. Plain numbers stay numbers."""
    return f"'{text}" if text.startswith(_SIGNS) and not _is_number(text) else text


def unescape(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_SIGNS) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
