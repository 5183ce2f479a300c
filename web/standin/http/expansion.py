"""`expand`, and paginated lists."""

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from web.standin.billing import issuing
from web.standin.contract import blanks
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books, private, shown

Json = dict[str, Any]
DEEPEST = 4
MOST = 100
USUAL = 10


def page(found: Iterable[Json], *, url: str, params: Mapping[str, Any]) -> Json:
    """Newest first, selected by `starting_after`, `ending_before` and `limit`; the objects are not rendered yet."""
    limit = params.get("limit", USUAL)
    if not 1 <= limit <= MOST:
        raise StripeRefusal(
            f"This value must be between 1 and {MOST}.", code="parameter_invalid_integer", param="limit"
        )
    things: Iterator[Json] = (thing for thing in found if _is_created_within(thing, params.get("created")))
    if "ending_before" in params:
        upto = list(_before(things, params["ending_before"]))
        return _page(upto[-limit:], url, has_more=len(upto) > limit)
    if "starting_after" in params:
        things = _after(things, params["starting_after"])
    seen = list(itertools.islice(things, limit + 1))
    return _page(seen[:limit], url, has_more=len(seen) > limit)


def _page(data: list[Json], url: str, *, has_more: bool) -> Json:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def _before(things: Iterator[Json], wanted: str) -> Iterator[Json]:
    for thing in things:
        if thing["id"] == wanted:
            return
        yield thing
    raise StripeRefusal(f"No such object: '{wanted}'", code="resource_missing", param="ending_before")


def _after(things: Iterator[Json], wanted: str) -> Iterator[Json]:
    for thing in things:
        if thing["id"] == wanted:
            return things
    raise StripeRefusal(f"No such object: '{wanted}'", code="resource_missing", param="starting_after")


def _is_created_within(thing: Json, wanted: Any) -> bool:
    if wanted is None:
        return True
    created = thing["created"]
    if isinstance(wanted, int):
        return bool(created == wanted)
    tests = {"gt": created > wanted.get("gt", created - 1), "gte": created >= wanted.get("gte", created)}
    tests |= {"lt": created < wanted.get("lt", created + 1), "lte": created <= wanted.get("lte", created)}
    return all(tests.values())


def expanded(books: Books, answer: Json, paths: list[str]) -> Json:
    """A copy of `answer` with the named references replaced by what they refer to."""
    is_list = answer.get("object") == "list"
    result: Json = {**answer, "data": [shown(each) for each in answer["data"]]} if is_list else shown(answer)
    originals = answer["data"] if is_list else [answer]
    for path in sorted(paths):
        names = path.split(".")
        if len(names) - is_list > DEEPEST:
            raise StripeRefusal(f"You cannot expand more than {DEEPEST} levels of a property: {path}", param="expand")
        if is_list and names[0] != "data":
            raise _not_expandable(names[0])
        for copy, original in zip(result["data"] if is_list else [result], originals, strict=True):
            _expand(books, copy, original, names[1:] if is_list else names)
    return result


def _expand(books: Books, copy: Any, original: Json | None, names: list[str]) -> None:
    if not names or copy is None:
        return
    if isinstance(copy, list):
        for each in copy:
            _expand(books, each, None, names)
        return
    name, rest = names[0], names[1:]
    if "object" in copy and copy["object"] == "list" and name == "data":
        _expand(books, copy["data"], None, rest)
        return
    if "object" in copy and copy["object"] != "list":
        _replace(books, copy, original or books.peek(copy.get("id", "")), name)
    _expand(books, copy.get(name), None, rest)


def _replace(books: Books, copy: Json, original: Json | None, name: str) -> None:
    kind = copy["object"]
    if (kind, name) in _INCLUDED:
        copy[name] = _INCLUDED[kind, name](books, original or copy)
        return
    if name not in _fields(kind):
        raise _not_expandable(name)
    copy[name] = _resolved(books, copy.get(name))


def _resolved(books: Books, value: Any) -> Any:
    if isinstance(value, str):
        found = books.peek(value)
        return shown(found) if found is not None else value
    if isinstance(value, list):
        return [_resolved(books, each) for each in value]
    return value


def _not_expandable(name: str) -> StripeRefusal:
    words = f"This property cannot be expanded ({name})."
    return StripeRefusal(words, param="expand")


@functools.cache
def _fields(kind: str) -> frozenset[str]:
    return frozenset(blanks.blank(kind))


def _payments(books: Books, invoice: Json) -> Json:
    found = [shown(each) for each in books.find("invoice_payment", parent=invoice["id"])]
    return _page(found, f"/v1/invoice_payments?invoice={invoice['id']}", has_more=False)


def _line_items(books: Books, session: Json) -> Json:
    found = [shown(each) for each in private(session).get("lines", [])]
    return _page(found, f"/v1/checkout/sessions/{session['id']}/line_items", has_more=False)


def _subscriptions(books: Books, customer: Json) -> Json:
    running = [each for each in books.find("subscription", customer=customer["id"]) if each["status"] != "canceled"]
    return _page([shown(each) for each in running], f"/v1/customers/{customer['id']}/subscriptions", has_more=False)


def _refunds(books: Books, charge: Json) -> Json:
    found = [each for each in books.find("refund", parent=charge["payment_intent"]) if each["charge"] == charge["id"]]
    return _page([shown(each) for each in found], f"/v1/charges/{charge['id']}/refunds", has_more=False)


def _taxed_lines(books: Books, taxed: Json) -> Json:
    """Of a tax calculation or transaction."""
    found = [shown(line) for each in private(taxed).get("lines", []) if (line := books.peek(each)) is not None]
    path = f"/v1/tax/{taxed['object'].removeprefix('tax.')}s/{taxed['id']}/line_items"
    return _page(found, path, has_more=False)


def _tax_breakdown(books: Books, line: Json) -> list[Json]:
    found: list[Json] = private(line).get("breakdown", [])
    return found


_INCLUDED: dict[tuple[str, str], Callable[[Books, Json], Any]] = {
    ("charge", "refunds"): _refunds,
    ("checkout.session", "line_items"): _line_items,
    ("customer", "subscriptions"): _subscriptions,
    ("invoice", "confirmation_secret"): issuing.confirmation_secret,
    ("invoice", "payments"): _payments,
    ("tax.calculation", "line_items"): _taxed_lines,
    ("tax.calculation_line_item", "tax_breakdown"): _tax_breakdown,
    ("tax.transaction", "line_items"): _taxed_lines,
}
