"""Every write to Stripe has a key of our own, so that asking again is not doing again."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import stripe

from components.payments import stripe_calls
from components.payments.payment_refusals import NO_ANSWER
from components.payments.timeouts import request_time
from components.payments.timeouts.request_time import Patience
from tests.components.payments.conftest import Till
from web.standin.http.client import OfflineClient

COMPONENTS = Path(__file__).parents[3] / "components"
READS = ("retrieve_async", "retrieve_current_async", "list_async", "create_preview_async")
WRITERS = ("prepare", "change")


def calls(tree: ast.AST) -> Iterator[tuple[str, list[str]]]:
    """Each method of the SDK that is called, and the functions around it, the innermost last."""

    def walk(node: ast.AST, around: list[str]) -> Iterator[tuple[str, list[str]]]:
        if isinstance(node, ast.Attribute) and node.attr.endswith("_async") and "v1" in ast.unparse(node):
            yield node.attr, around
        inside = around
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            keyed = any(word.arg == "key" for word in node.keywords)
            inside = [*around, f"{node.func.id}{'+key' if keyed else ''}"]
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inside)

    yield from walk(tree, [])


def unkeyed(source: str) -> list[str]:
    return [
        name
        for name, around in calls(ast.parse(source))
        if name not in READS and not any(f"{writer}+key" in around for writer in WRITERS)
    ]


def test_nothing_is_written_to_stripe_but_under_a_key() -> None:
    found = {path: unkeyed(path.read_text()) for path in COMPONENTS.rglob("*.py")}
    assert {path.name: names for path, names in found.items() if names} == {}
    assert unkeyed("call(lambda: client().v1.refunds.create_async({}))") == ["create_async"]
    assert unkeyed("change(lambda options: client().v1.refunds.create_async({}, options))") == ["create_async"]


def writers() -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    found = []
    for module in pkgutil.iter_modules(stripe_calls.__path__):
        loaded = importlib.import_module(f"{stripe_calls.__name__}.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.iscoroutinefunction):
            is_its = function.__module__ == loaded.__name__ and not name.startswith("_")
            if is_its and "key" in inspect.signature(function).parameters:
                found.append((f"{module.name}.{name}", function))
    return found


def given(name: str, annotation: Any) -> Any:
    if name == "key":
        return "the:key"
    if annotation in (int, "int"):
        return 100
    if annotation in (bytes, "bytes"):
        return b"x"
    if annotation in (datetime, "datetime"):
        return datetime(2027, 3, 1, tzinfo=UTC)
    if any(kind in str(annotation) for kind in ("dict", "Mapping", "Params")):
        return {}
    if "Iterable" in str(annotation):
        return ["x"]
    return "month" if name == "interval" else "x"


@pytest.mark.parametrize("name", [name for name, _ in writers()])
async def test_the_key_that_is_given_is_the_key_that_is_sent(
    till: Till, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    sent: list[str | None] = []

    async def noted(_: OfflineClient, method: str, url: str, headers: dict[str, str], *rest: Any, **more: Any) -> Any:
        sent.append(headers.get("Idempotency-Key"))
        raise stripe.APIConnectionError("cut")

    monkeypatch.setattr(OfflineClient, "request_async", noted)
    request_time.use_patience(Patience(reads=0.2, writes=0.2, first_pause=0.01))
    function = dict(writers())[name]
    wanted = inspect.signature(function).parameters.values()
    required = {each.name: given(each.name, each.annotation) for each in wanted if each.default is each.empty}
    with pytest.raises(NO_ANSWER):
        await function(**required)
    assert len(sent) >= 2 and set(sent) == {"the:key"}


def test_there_are_as_many_writers_as_ways_to_write() -> None:
    assert len(writers()) >= 15
