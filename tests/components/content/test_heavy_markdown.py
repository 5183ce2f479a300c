"""No text that staff may save takes long enough for others to notice, and honest ones keep their looks."""

import asyncio
import time

from components.content import markdown
from tests.support.cells import every_cell

COLUMNS = "|".join("a" * 6_000)


@every_cell(
    "text",
    ["[" * 20_000, "![" * 20_000, ("[" * 50 + "\n") * 2_000, "'\"" * 20_000, "[a](b" * 10_000,
     f"{COLUMNS}\n{'|'.join('-' * 6_000)}\n{COLUMNS}"],
)  # fmt: skip
def test_a_text_of_signs_keeps_its_paragraphs_only(text: str) -> None:
    began = time.process_time()
    shown = markdown.html(text)
    assert time.process_time() - began < 0.4  # a third of it on a machine that does nothing else; once 1 to 2 s
    assert shown.startswith("<p>") and "<a" not in shown and "<table" not in shown


async def test_a_long_honest_text_is_rendered_beside_the_pages() -> None:
    text = 'Some *words* about a [mug](/products/mug), "quoted" -- **and** so on.\n\n' * 900
    turns, rendering = 0, asyncio.create_task(markdown.prepared(text))
    while not rendering.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10
    assert (await rendering).count('<a href="/products/mug"') == 900
    assert markdown.html(text) is await markdown.prepared(text)
