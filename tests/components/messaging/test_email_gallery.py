"""The gallery of all e-mails, as one command writes it."""

import re
from pathlib import Path

from click.testing import CliRunner

from components.messaging import email_commands, email_gallery
from components.messaging.texts.kinds import all_kinds

RUN_TOGETHER = re.compile(r"[a-zäöüß][.:!?](?:http|[A-ZÄÖÜ])|\w[.,]?  +\w")
INSIDE = re.compile(r": https?://\S*(?:[:;,.)](?=\s)| \w)")
"""An address after a colon where its sentence goes on: it stands in brackets."""


async def test_it_has_each_kind_in_each_case_and_language_as_html_dark_and_plain(db: None, tmp_path: Path) -> None:
    cases = {f"{kind.slug}-{case}" for kind in all_kinds.ALL.values() for case in range(len(kind.samples()))}
    assert await email_gallery.write(tmp_path, ("de",)) == len(cases)
    index = (tmp_path / "index.html").read_text()
    for stem in cases:
        html, dark, text = (tmp_path / "de" / f"{stem}{end}" for end in (".html", ".dark.html", ".txt"))
        assert '<html lang="de' in html.read_text() and f"de/{stem}.html" in index, stem
        assert email_gallery.DARK in html.read_text() and email_gallery.DARK not in dark.read_text(), stem
        assert "[[secret" not in html.read_text() and "{" not in text.read_text(), stem
        assert not RUN_TOGETHER.search(text.read_text()), (stem, "two sentences, or words and an address, run together")
        assert not INSIDE.search(text.read_text()), stem


def test_a_language_that_the_shop_does_not_speak_is_refused_in_words(tmp_path: Path) -> None:
    found = CliRunner().invoke(email_commands.emails, ["gallery", str(tmp_path), "--language", "xx"], obj=print)
    assert found.exit_code == 1 and "does not speak xx" in found.output
