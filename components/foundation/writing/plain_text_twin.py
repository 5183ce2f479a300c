"""The plain text of an e-mail or a page, from the same Markdown as its HTML."""

from collections.abc import Sequence

from markdown_it.token import Token


def plain_text(tokens: Sequence[Token], *, quoted_by: str = "> ") -> str:
    """Headings and paragraphs, lists with dashes or numbers, tables as "words: amount", links as "words: address"."""
    return _Twin(quoted_by).of(tokens)


class _Twin:
    def __init__(self, quoted_by: str) -> None:
        self.quoted_by = quoted_by
        self.blocks: list[str] = []
        self.lists: list[int | None] = []
        self.marker = ""
        self.row: list[str] | None = None
        self.table: list[str] = []
        self.quotes = 0

    def of(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            self._take(token)
        return "\n".join(self.blocks).strip("\n")

    def _take(self, token: Token) -> None:
        kind = token.type
        if kind == "inline":
            self._line(inline_text(token.children or ()))
        elif kind in ("fence", "code_block"):
            self._block(token.content.rstrip())
        elif kind == "hr":
            self._block("--------")
        elif kind in ("bullet_list_open", "ordered_list_open"):
            self.lists.append(int(token.attrGet("start") or 1) if kind.startswith("ordered") else None)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
            self.blocks += [] if self.lists else [""]
        elif kind == "list_item_open":
            self.marker = self._next_marker()
        elif kind in ("blockquote_open", "blockquote_close"):
            self.quotes += 1 if kind.endswith("open") else -1
        else:
            self._take_table(kind)

    def _take_table(self, kind: str) -> None:
        if kind == "tr_open":
            self.row = []
        elif kind == "tr_close" and self.row is not None:
            cells = [cell for cell in self.row if cell]
            self.table += [": ".join(cells)] if cells else []
            self.row = None
        elif kind == "table_close":
            self._block("\n".join(self.table))
            self.table = []

    def _next_marker(self) -> str:
        number = self.lists[-1]
        if number is None:
            return "- "
        self.lists[-1] = number + 1
        return f"{number}. "

    def _line(self, words: str) -> None:
        if self.row is not None:
            self.row.append(words)
        elif self.lists:
            indent = "  " * (len(self.lists) - 1)
            self.blocks.append(f"{indent}{self.marker or '  '}{words}")
            self.marker = ""
        else:
            self._block(words)

    def _block(self, words: str) -> None:
        if words.strip():
            quoted = (
                "\n".join(f"{self.quoted_by}{line}".rstrip() for line in words.split("\n")) if self.quotes else words
            )
            self.blocks += [quoted, ""]


def inline_text(children: Sequence[Token]) -> str:
    """The words of a line; a link's address after its words, in brackets where a sentence goes on after it."""
    said: list[str] = []
    links: list[tuple[int, str]] = []
    for at, child in enumerate(children):
        if child.type == "link_open":
            links.append((len(said), str(child.attrGet("href") or "")))
        elif child.type == "link_close":
            start, href = links.pop()
            words = "".join(said[start:])
            said[start:] = [_linked(words, href, goes_on=_goes_on(said[:start], children[at + 1 :]))]
        elif child.type in ("softbreak", "hardbreak"):
            said.append("\n")
        else:
            said.append(child.content)
    return "".join(said)


def _linked(words: str, href: str, *, goes_on: bool) -> str:
    if not words or words == href:
        return href
    return f"{words} ({href})" if goes_on else f"{words}: {href}"


def _goes_on(before: Sequence[str], after: Sequence[Token]) -> bool:
    """Whether the link stands inside a sentence: not at the end, nor on a line of its own."""
    is_over = not any(child.content.strip() for child in after)
    begins = not before or before[-1].endswith("\n")
    return not is_over and not (begins and after[0].type in ("softbreak", "hardbreak"))
