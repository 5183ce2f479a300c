"""All e-mails in all their cases, with made-up values, as pages to look at: narrow, wide, dark and plain."""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from components.foundation.languages import language
from components.foundation.languages.catalogues import SOURCE
from components.messaging import rendering
from components.messaging.secret_placeholders import fill_html, fill_text
from components.messaging.texts import starter_texts, text_previews
from components.messaging.texts.email_kinds import EmailKind
from components.messaging.texts.kinds import all_kinds

DARK = "@media (prefers-color-scheme: dark)"


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryEmail:
    """One case of one kind in one language."""

    kind: EmailKind
    case: int
    language: str
    subject: str
    html: str
    text: str

    @property
    def stem(self) -> str:
        return f"{self.language}/{self.kind.slug}-{self.case}"


async def write(folder: Path, languages: tuple[str, ...]) -> int:
    """Write them with an index.html that shows all; how many e-mails there are."""
    made = [
        await _made(kind, case, code)
        for kind in all_kinds.ALL.values()
        for code in languages
        for case in range(len(kind.samples()))
    ]
    for one in made:
        path = folder / one.stem
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".html").write_text(one.html)
        path.with_suffix(".dark.html").write_text(one.html.replace(DARK, "@media all"))
        path.with_suffix(".txt").write_text(f"{one.subject}\n\n{one.text}")
    (folder / "index.html").write_text(_index(made))
    return len(made)


async def _made(kind: EmailKind, case: int, code: str) -> GalleryEmail:
    with language.speaking(code):
        own = starter_texts.translated(kind.slug, code) if code != SOURCE else None
        begun = own or starter_texts.beginning(kind.slug)
        shown = await text_previews.shown(kind, begun, text_previews.sample(kind, case))
        html, text = (shown.html, shown.text) if own else _built_in(kind, case)
    return GalleryEmail(kind=kind, case=case, language=code, subject=shown.subject, html=html, text=text)


def _built_in(kind: EmailKind, case: int) -> tuple[str, str]:
    """From the templates that English e-mails are made with. Those of orders know lines and sums apart."""
    fields: dict[str, Any] = kind.samples()[case]
    lines = fields.get("lines") or fields.get("order_table", ())[:-1]
    html, text = rendering.render(kind.slug, fields | {"lines": lines, "sums": fields.get("order_table", ())[-1:]})
    return fill_html(html, text_previews.EXAMPLES), fill_text(text, text_previews.EXAMPLES)


def _index(made: list[GalleryEmail]) -> str:
    parts, last = [], ""
    for one in made:
        if one.kind.slug != last:
            parts.append(f"<h2>{escape(one.kind.title)}</h2><p>{escape(one.kind.when)}</p>")
        last = one.kind.slug
        parts.append(
            f"<h3>{one.language}, case {one.case + 1}: {escape(one.subject)}</h3><div>"
            f'<iframe loading="lazy" width="390" src="{one.stem}.html"></iframe>'
            f'<iframe loading="lazy" width="390" src="{one.stem}.dark.html"></iframe>'
            f'<iframe loading="lazy" width="720" src="{one.stem}.html"></iframe>'
            f"<pre>{escape(one.text)}</pre></div>"
        )
    return _PAGE + "\n".join(parts)


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>All e-mails</title>
<style>
body { font: 15px/1.5 sans-serif; margin: 24px; }
div { display: flex; gap: 16px; align-items: start; overflow-x: auto; }
iframe { flex: none; height: 820px; border: 1px solid #bbb; }
pre { flex: none; width: 620px; white-space: pre-wrap; }
</style>
<h1>All e-mails</h1>
"""
