"""Parts of a text that are said in some cases only. Pure.

`{if card}…{end}`, `{if not card}…{end}` and `{if card}…{otherwise}…{end}`, also one within the other. A condition is
a placeholder (there is something to say) or a yes or no. `{name, otherwise friend}` is short for
`{if name}{name}{otherwise}friend{end}`. A tag that stands alone on its line takes the line with it.
"""

import re
from collections.abc import Mapping
from typing import Any

from components.messaging.texts.text_troubles import UnbalancedConditions

_TAG = re.compile(r"\{(?:if (not )?([a-z][a-z -]{0,40})|(otherwise)|(end))\}")
_OWN_LINE = re.compile(r"^[ \t]*(\{(?:if [a-z][a-z -]{0,45}|otherwise|end)\})[ \t]*(?:\n|\Z)", re.MULTILINE)
_INSTEAD = re.compile(r"\{([a-z][a-z -]{0,40}), otherwise ([^{}\n]{1,80})\}")
DEEPEST = 8


def spelled_out(text: str) -> str:
    """With `{name, otherwise friend}` as the condition it is short for."""
    return _INSTEAD.sub(r"{if \1}{\1}{otherwise}\2{end}", text)


def names(text: str) -> tuple[str, ...]:
    """What the text asks for, each once."""
    return tuple(dict.fromkeys(found[2] for found in _TAG.finditer(spelled_out(text)) if found[2]))


def resolved(text: str, values: Mapping[str, Any]) -> str:
    """The text with what is said in this case. Raises `UnbalancedConditions`."""
    said: list[str] = []
    open_parts: list[_Part] = []
    place = 0
    text = _OWN_LINE.sub(r"\1", spelled_out(text))
    for tag in _TAG.finditer(text):
        if all(part.is_said for part in open_parts):
            said.append(text[place : tag.start()])
        place = tag.end()
        if tag[2]:
            open_parts.append(_Part(tag[0], bool(values.get(tag[2])) is not bool(tag[1])))
            if len(open_parts) > DEEPEST:
                raise UnbalancedConditions("There are too many {if …} within each other.")
        elif not open_parts:
            raise UnbalancedConditions(f"There is {tag[0]} without an {{if …}} before it.")
        elif tag[4]:
            open_parts.pop()
        else:
            open_parts[-1].turn()
    if open_parts:
        raise UnbalancedConditions(f"{open_parts[-1].tag} has no {{end}}.")
    return "".join((*said, text[place:]))


def without_tags(text: str) -> str:
    """Everything that may be said, in every case."""
    return _TAG.sub("", _OWN_LINE.sub(r"\1", spelled_out(text)))


class _Part:
    def __init__(self, tag: str, is_said: bool) -> None:
        self.tag, self.is_said, self.has_turned = tag, is_said, False

    def turn(self) -> None:
        if self.has_turned:
            raise UnbalancedConditions(f"{self.tag} has more than one {{otherwise}}.")
        self.is_said, self.has_turned = not self.is_said, True
