"""Whatever a process keeps between requests is bounded by construction: listed here with its bound and the reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = [
    path
    for folder in ("components", "web")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not {"standin", "demo"} & set(path.parts)  # practice only: neither is there in production
]
MOST_ENTRIES = 20_000
CONTAINERS = {"dict", "set", "list", "OrderedDict", "defaultdict", "deque", "WeakKeyDictionary", "WeakValueDictionary"}
LABELS = {"Counter", "Gauge", "Histogram", "Summary"}

FOR_EACH = {
    "components/foundation/consistency/table_keys.py:_key_of": "tables",
    "components/foundation/currencies.py:decimals": "supported currencies; others raise, and what raises is not kept",
    "components/foundation/currencies.py:_signs": "supported currencies",
    "components/messaging/texts/starter_texts.py:beginning": "kinds of e-mails; others raise",
    "web/staff/club/benefit_forms.py:form_type": "kinds of benefits; others raise",
}
"""`@cache` with arguments: of what there are few."""

KEPT = {
    "components/brand/icons.py:_drawn": "KEPT of them, the oldest goes",
    "components/brand/logos.py:_files": "KEPT of them, the oldest goes",
    "components/catalog/product_list.py:_lists": "KEPT_LISTS of them, the oldest goes",
    "components/foundation/database/embedded_users.py:_held": "data folders that this process serves: one",
    "components/payments/reconcile.py:_checks": "components, written by the code",
    "components/foundation/operations/own_templates.py:_troubles": "MOST_TROUBLES of them",
    "components/foundation/outbox.py:_KINDS": "kinds of facts, written by the code",
    "components/invoices/pdf/invoice_pdf.py:_turns": "loops of the process: one, and those of tests go with them",
    "components/payments/billing_requests/request_kinds.py:_KINDS": "kinds of requests, written by the code",
    "components/payments/timeouts/unattended.py:_under_way": "tasks that are running; each leaves when it ends",
    "components/memberships/editing/plan_promises.py:GUARDS": "components, written by the code",
    "components/people/privacy/data_export.py:_parts": "components, written by the code",
    "components/people/privacy/erasure.py:_checks": "components, written by the code",
    "components/people/privacy/erasure.py:_farewells": "components, written by the code",
    "components/people/privacy/erasure_wishes.py:_losses": "components, written by the code",
    "components/people/privacy/erasure_wishes.py:_waits": "components, written by the code",
    "components/recommendations/product_pairs.py:_known": "KEPT_IN_MEMORY of them, the oldest goes",
    "web/edge/connections.py:answering": "requests in hand: at most as many as connections are accepted",
    "web/shop/page_cache.py:_pages": "KEPT of them, the oldest goes",
    "web/shop/products/browsing.py:_grids": "KEPT_GRIDS of them, the oldest goes",
    "web/shop/products/cards.py:_shelves": "KEPT_SHELVES of them, the oldest goes",
    "web/staff/fee_discounts/discount_panel.py:REASONS": "reasons to cancel, written by the code",
}
"""What begins empty and is filled while the shop runs."""

LABELLED = {
    "web/edge/traffic.py:REQUESTS": "known methods or other; statuses",
    "web/edge/traffic.py:SECONDS": "names of handlers",
    "web/edge/health.py:JOBS": "three states",
}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def caches(path: Path) -> Iterator[tuple[str, int | None, int]]:
    """Each cached function: its name, how many results it keeps (None: all), and how many arguments it has."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        count = len(node.args.args) + len(node.args.kwonlyargs)
        for decorator in node.decorator_list:
            written = ast.unparse(decorator)
            if written.rsplit(".", 1)[-1] == "cache":
                yield node.name, None, count
            elif "lru_cache" in written:
                sizes = [*getattr(decorator, "args", []), *(one.value for one in getattr(decorator, "keywords", []))]
                yield node.name, ast.literal_eval(sizes[0]) if sizes else 128, count


def empty_at_first(path: Path) -> Iterator[str]:
    """Names of a module that begin as an empty container."""
    for node in ast.parse(path.read_text()).body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        value = node.value
        is_literal = (isinstance(value, ast.Dict) and not value.keys) or (
            isinstance(value, ast.List) and not value.elts
        )
        called = ast.unparse(value.func).rsplit(".", 1)[-1] if isinstance(value, ast.Call) else ""
        annotated = ast.unparse(node.annotation) if isinstance(node, ast.AnnAssign) else ""
        if (is_literal or called in CONTAINERS) and not annotated.startswith(("Mapping", "Named")):
            yield ast.unparse(target)


def labelled(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            called = ast.unparse(node.value.func)
            if called in LABELS and len(node.value.args) > 2:
                yield ast.unparse(node.targets[0])


def test_every_cache_has_a_bound() -> None:
    found = [(named(path), *one) for path in CODE for one in caches(path)]
    endless = {f"{path}:{name}" for path, name, size, count in found if size is None and count}
    assert endless - FOR_EACH.keys() == set()
    assert [one for one in found if one[2] is not None and one[2] > MOST_ENTRIES] == []
    assert len(found) > 20


def test_every_container_that_is_filled_while_the_shop_runs_has_a_bound() -> None:
    found = {f"{named(path)}:{name}" for path in CODE for name in empty_at_first(path)}
    assert found == KEPT.keys()


def test_labels_come_from_short_lists() -> None:
    found = {f"{named(path)}:{name}" for path in CODE for name in labelled(path)}
    assert found == LABELLED.keys()


def test_the_searches_above_find_offenders(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text(
        "import functools\n@functools.cache\ndef looked_up(path): ...\n@lru_cache(maxsize=None)\ndef other(a): ...\n"
        'seen: dict[str, int] = {}\nNUMBERS = Counter("a", "b", ["path"])\n'
    )
    assert list(caches(bad)) == [("looked_up", None, 1), ("other", None, 1)]
    assert list(empty_at_first(bad)) == ["seen"] and list(labelled(bad)) == ["NUMBERS"]
