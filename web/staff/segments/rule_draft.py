"""Rules while staff write them: as typed, with what may be wrong still in it, and the buttons that add and remove.

The whole draft is in the form. Fields are named by place: `p0.number` is of the first rule, `p2.1.days` of the second
in the group that stands third, `p2.match` says how that group counts.
"""

import re
from collections.abc import Mapping
from typing import Any

from components.segments import rule_registry
from components.segments.rule_fields import RuleChoice
from components.segments.rule_groups import MATCHES, MOST_RULES
from web.forms.sending import SentForm

Draft = dict[str, Any]
_NAME = re.compile(r"p(\d{1,3})\.(?:(\d{1,3})\.)?([a-z_]{1,20})", re.ASCII)
_PLACE = re.compile(r"\d{1,3}", re.ASCII)
EMPTY: Draft = {"match": "all", "parts": []}


def of_form(sent: SentForm) -> Draft:
    """What is typed, after what the button pressed does to it."""
    tops: dict[int, Draft] = {}
    inner: dict[int, dict[int, Draft]] = {}
    for name in sent:
        if (found := _NAME.fullmatch(name)) and found[3] != "parts":
            top, low, key = int(found[1]), found[2], found[3]
            place = tops.setdefault(top, {}) if low is None else inner.setdefault(top, {}).setdefault(int(low), {})
            place[key] = str(sent.get(name))
    parts = []
    for top in sorted({*tops, *inner}):
        part = tops.get(top, {})
        is_group = "match" in part or top in inner
        parts.append(_group(part, inner.get(top, {})) if is_group else part)
    draft = {"match": _match(sent.get("match")), "parts": parts[: MOST_RULES + 1]}
    _press(draft, str(sent.get("do") or ""), sent)
    return draft


def _group(part: Draft, rules: Mapping[int, Draft]) -> Draft:
    return {"match": _match(part.get("match")), "parts": [rules[key] for key in sorted(rules)][: MOST_RULES + 1]}


def _match(typed: object) -> str:
    return typed if isinstance(typed, str) and typed in MATCHES else "all"


def pressed(sent: SentForm) -> bool:
    """Whether a button changed the draft, instead of saving it."""
    return bool(sent.get("do")) or "look" in sent


def _press(draft: Draft, button: str, sent: SentForm) -> None:
    """`add`, `add:2` for the group that stands third, `group`, `remove:1`, `remove:2.0`. Nothing else does anything."""
    what, _, where = button.partition(":")
    if what == "group":
        draft["parts"].append({"match": "any", "parts": []})
    elif what == "add":
        key = str(sent.get(f"kind{where}") or "")
        parts = _parts(draft, where)
        if key in rule_registry.all_kinds() and parts is not None:
            parts.append(_begun(key))
    elif what == "remove":
        top, _, low = where.partition(".")
        parts = _parts(draft, top) if low else draft["parts"]
        number = low or top
        if parts is not None and _PLACE.fullmatch(number) and int(number) < len(parts):
            del parts[int(number)]


def _begun(key: str) -> Draft:
    """With what its lists show first, so that what is filled in already counts at once."""
    fields = rule_registry.all_kinds()[key].fields
    lists = [one for one in fields if isinstance(one, RuleChoice) and not one.is_optional]
    return {"kind": key} | {one.name: str(options[0][0]) for one in lists if (options := one.options())}


def _parts(draft: Draft, where: str) -> list[Draft] | None:
    if not where:
        parts: list[Draft] = draft["parts"]
        return parts
    if not _PLACE.fullmatch(where) or int(where) >= len(draft["parts"]):
        return None
    found: list[Draft] | None = draft["parts"][int(where)].get("parts")
    return found
