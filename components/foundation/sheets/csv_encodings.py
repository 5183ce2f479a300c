"""Which characters and which separator a file is written with: by its mark, by its bytes and by its header line."""

import re

from components.foundation.refusals import Refusal

BOM = "\ufeff"
UTF8 = "utf-8"
_MARKS = ((b"\xef\xbb\xbf", UTF8), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
CHOICES = {
    "": "Detect",
    UTF8: "UTF-8",
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "mac_roman": "Western European (old Macs)",
    "cp932": "Japanese (Shift JIS)",
    "gb18030": "Chinese, simplified (GB 18030)",
    "big5": "Chinese, traditional (Big5)",
    "cp949": "Korean",
}
"""What staff may choose: a file of single bytes does not say which letters they stand for."""
_NAMES = {**CHOICES, "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "latin-1": "Western European (Latin-1)"}
_SEPARATORS = (",", ";", "\t", "|")
_DIRECTIVE = re.compile(r"sep=(.)(?:\r\n|\n|\r)", re.IGNORECASE)
_HEADER_END = re.compile(r'(?:[^"\r\n]++|"[^"]*+"|")*+(\r\n|\n|\r)')
_QUOTED = re.compile(r'"[^"]*"')


class UnreadableFile(Refusal):
    message = "This is not a CSV file with a header row."


def decoded(source: bytes, encoding: str = "") -> tuple[str, str]:
    """The encoding and the text, which keeps its mark. Raises `UnreadableFile`."""
    if encoding:
        return encoding, _as(source, encoding)
    marked = next((name for mark, name in _MARKS if source.startswith(mark)), None)
    if marked is not None:
        return marked, _as(source, marked)
    if source[1:2] == b"\x00" or source[:1] == b"\x00":
        sixteen = "utf-16-le" if source[1:2] == b"\x00" else "utf-16-be"
        return sixteen, _as(source, sixteen)
    for name in (UTF8, "cp1252", "latin-1"):
        try:
            return name, _checked(source.decode(name))
        except UnicodeDecodeError:
            continue
    raise UnreadableFile


def _as(source: bytes, encoding: str) -> str:
    try:
        return _checked(source.decode(encoding))
    except (UnicodeDecodeError, LookupError):
        raise UnreadableFile(f"This file is not written in {name_of(encoding)}.") from None


def _checked(text: str) -> str:
    if "\x00" in text:
        raise UnreadableFile
    return text


def encoded(text: str, encoding: str) -> bytes:
    """As the file was written; in UTF-8 with its mark once it has letters that its own encoding lacks."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return (BOM + text.removeprefix(BOM)).encode()


def name_of(encoding: str) -> str:
    return _NAMES.get(encoding, encoding)


def preamble_of(text: str) -> str:
    """What stands before the header: the mark, and the line by which a spreadsheet is told the separator."""
    mark = BOM if text.startswith(BOM) else ""
    directive = _DIRECTIVE.match(text, len(mark))
    return mark + (directive[0] if directive else "")


def separator_of(text: str, preamble: str) -> str:
    """The one that the header line has most of."""
    if directive := _DIRECTIVE.search(preamble):
        return directive[1]
    header = _QUOTED.sub("", re.split(r"[\r\n]", text[len(preamble) : len(preamble) + 20_000], maxsplit=1)[0])
    return max(_SEPARATORS, key=header.count)


def line_end_of(text: str, start: int) -> str:
    """That of the header line."""
    found = _HEADER_END.match(text, start)
    return found[1] if found else "\n"
