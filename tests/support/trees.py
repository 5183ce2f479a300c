"""Trees of pages, read quickly where html5lib has shown before that there is nothing wrong to be found.

html5lib judges every page that is not strictly nested and every nesting that is new: what it makes of an element
depends on the elements around it, and not on its words or the values of its attributes. Where it had no complaint and
made the same tree, a page of the same nestings is read in a twentieth of the time. Nearly half the CPU of a test that
looks at pages went there.
"""

import html
import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import html5lib

ACCEPTED = {"non-void-element-with-trailing-solidus"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
VERBATIM = {"script", "style"}
SVG = "{http://www.w3.org/2000/svg}"

_DOCTYPE = re.compile(r"\s*<!doctype html>\s*", re.IGNORECASE)
_NAME = r"[A-Za-z][A-Za-z0-9-]*"
_KEY = r"""[^\s"'<>/=`]+"""
_TOKEN = re.compile(
    rf"""(?P<text>[^<]+)|</(?P<end>{_NAME})>
    |<(?P<start>{_NAME})(?P<attributes>(?:\s+{_KEY}(?:="[^"]*"|='[^']*')?)*)\s*(?P<solidus>/?)>""",
    re.VERBOSE,
)
_ATTRIBUTES = re.compile(rf"""({_KEY})(?:="([^"]*)"|='([^']*)')?""")
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]|<!--|&(?!(?:amp|lt|gt|quot|nbsp|#39|#34);)")
_known: set[str] = set()


class _Unsure(Exception):
    """This is for html5lib to judge."""


def parsed(text: str) -> tuple[Element, list[Any]]:
    """The tree of a whole page, and what is wrong with its HTML."""
    try:
        quick, nestings = _quickly(text)
    except _Unsure:
        return _judged(text)
    if nestings <= _known:
        return quick, []
    tree, errors = _judged(text)
    if not errors and _same(tree, quick):
        _known.update(nestings)
    return tree, errors


def _judged(text: str) -> tuple[Element, list[Any]]:
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(text)
    return tree, [error for error in parser.errors if error[1] not in ACCEPTED]


def _quickly(text: str) -> tuple[Element, set[str]]:
    """The tree, if every element ends where it should, and each element's way from the root."""
    if (begun := _DOCTYPE.match(text)) is None or _ODD.search(text):
        raise _Unsure
    root = Element("")
    open_elements, ways, nestings = [root], [""], set[str]()
    at, end = begun.end(), len(text)
    while at < end:
        token = _TOKEN.match(text, at)
        if token is None:
            raise _Unsure
        at = token.end()
        if words := token["text"]:
            _add_text(open_elements[-1], html.unescape(words))
            if not words.isspace():
                nestings.add(f"{ways[-1]} words")
        elif name := token["end"]:
            if open_elements[-1].tag.removeprefix(SVG) != name:
                raise _Unsure
            open_elements.pop()
            ways.pop()
        else:
            way = f"{ways[-1]}/{token['start']}"
            nestings.add(way)
            element = _begun(open_elements[-1], token)
            if element.tag in VERBATIM or element.tag in {"textarea", "title", "pre"}:
                at = _filled(element, text, at)
            elif element.tag not in VOID and not token["solidus"]:
                open_elements.append(element)
                ways.append(way)
    if len(open_elements) > 1 or [one.tag for one in root] != ["html"]:
        raise _Unsure
    if [one.tag for one in root[0]] != ["head", "body"]:
        raise _Unsure
    return _with_blanks_moved(root[0]), nestings


def _with_blanks_moved(page: Element) -> Element:
    """As the standard has it: none before the head, and those behind the body at its end."""
    _add_text(page[1], (page[1].tail or "") + (page.tail or ""))
    page.text = page[1].tail = page.tail = None
    return page


def _begun(parent: Element, token: re.Match[str]) -> Element:
    name = token["start"]
    is_drawing = name == "svg" or parent.tag.startswith(SVG)
    if not is_drawing and (not name.islower() or (token["solidus"] and name not in VOID)):
        raise _Unsure
    found = _ATTRIBUTES.findall(token["attributes"])
    attributes = {key: html.unescape(double or single) for key, double, single in found}
    if len(attributes) < len(found) or (not is_drawing and any(not key.islower() for key in attributes)):
        raise _Unsure
    return SubElement(parent, SVG + name if is_drawing else name, attributes)


def _filled(element: Element, text: str, at: int) -> int:
    """Give it everything up to its end, in which no elements begin; where its end tag ends."""
    close = f"</{element.tag}>"
    until = text.find(close, at)
    words = text[at:until]
    if until < 0 or words.startswith("\n") or "<" in words:
        raise _Unsure
    element.text = (words if element.tag in VERBATIM else html.unescape(words)) or None
    return until + len(close)


def _add_text(parent: Element, words: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + words
    else:
        parent.text = (parent.text or "") + words


def _same(one: Element, other: Element) -> bool:
    words = (one.text or "", one.tail or "") == (other.text or "", other.tail or "")
    alike = one.tag == other.tag and one.attrib == other.attrib and len(one) == len(other)
    return alike and words and all(map(_same, one, other))
