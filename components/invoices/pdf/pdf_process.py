"""A process of its own that turns invoices into PDF: JSON texts come in by the line, PDFs go out behind their length.

It imports nothing of the shop, has no secrets, and is bounded in time and memory: what is wrong with one document ends
with it. The fonts are beside it, so that every machine makes the same pages.
"""

import resource
import sys
from pathlib import Path
from typing import Literal

HERE = Path(__file__).parent
TEMPLATE, FONTS = HERE / "invoice.typ", HERE / "fonts"
MEMORY = 2 * 1024**3
CPU_SECONDS = 60
_OWN = ((0x0000, 0x0590), (0x0590, 0x0780), (0x08A0, 0x0900), (0x1E00, 0x2100), (0xFB1D, 0xFE00), (0xFE70, 0xFF00))
"""Latin, Greek, Cyrillic, Hebrew and Arabic: what the fonts beside it have. Others are looked for on the machine."""


def bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def pdf(written: str) -> bytes:
    """As PDF/A. A sign that no font has, in somebody's name say, is not allowed there: then it is an ordinary PDF."""
    import typst

    try:
        return _compiled(written, "a-2b")
    except typst.TypstError:
        return _compiled(written, None)


def _compiled(written: str, standard: Literal["a-2b"] | None) -> bytes:
    import typst

    made = typst.compile(
        TEMPLATE, root=HERE, font_paths=[FONTS], ignore_system_fonts=is_covered(written),
        sys_inputs={"data": written}, pdf_standards=standard,
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def is_covered(text: str) -> bool:
    return all(any(first <= ord(one) < last for first, last in _OWN) for one in text if one.isalpha())


def main() -> None:
    bound()
    for line in sys.stdin.buffer:
        made = pdf(line.decode().rstrip("\n"))
        sys.stdout.buffer.write(len(made).to_bytes(4, "big") + made)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
