"""A kind of benefit is one folder: nobody outside it knows it by its key."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.parsing import parsed

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "components/memberships/benefits").glob("*/__init__.py"))
KEYS = [folder.name for folder in FOLDERS]
ELSEWHERE = {
    "cashback": (
        "an account of the ledger; why it is owed",
        (
            "components/ledger/",
            "components/insights/programme/stored_value.py",
            "components/insights/programme/owed_rows.py",
            "web/staff/reports/programme/owed.py",
        ),
    ),
    "content": (
        "a permission of staff; a word of OpenAPI; an element of a feed; a column",
        (
            "components/invoices/personal.py",
            "components/product_files/personal.py",
            "components/adoption/personal.py",
            "components/payments/dispute_answers/",
            "web/standin/resources/files.py",
            "components/people/operators.py",
            "components/opening/checklist.py",
            "templates/layouts/_rail.html",
            "web/staff/content/",
            "web/staff/settings/email_text",
            "web/staff/reports/today.py",
            "web/staff/system/deleted.py",
            "web/api/openapi_answers.py",
            "templates/shop/feeds/show.xml",
        ),
    ),
    "free_delivery": (
        "what a coupon may give",
        ("components/pricing/", "components/checkout/basket/applied_coupon.py", "web/staff/prices/"),
    ),
    "gift": (
        "a membership that was given: its source, its payment, its e-mail; an order line's column; a table; a picture",
        (
            "components/insights/metrics/member_makeup.py",
            "web/staff/reports/member_makeup_words.py",
            "components/memberships/",
            "components/segments/",
            "components/payments/",
            "components/invoices/",
            "components/insights/programme/stored_value.py",
            "components/insights/programme/owed_rows.py",
            "templates/staff/invoices/",
            "components/messaging/emails/gift_emails.py",
            "components/messaging/notices/erased_emails.py",
            "components/messaging/notices/withdrawn_contracts.py",
            "components/orders/history/order_values.py",
            "components/messaging/texts/kinds/",
            "components/messaging/notices/notice_emails.py",
            "components/messaging/notices/withdrawal_sums.py",
            "components/foundation/audit.py",
            "components/rewards/personal.py",
            "web/staff/system/audit",
            "components/orders/completion.py",
            "components/orders/invariants.py",
            "components/insights/billing_invariants.py",
            "components/insights/reward_invariants.py",
            "components/insights/metrics/figures.py",
            "components/insights/metrics/metric_rows.py",
            "web/account/membership/coming_charges.py",
            "templates/account/membership/_source.html",
            "templates/ui/icon.html",
        ),
    ),
    "partner_code": ("a table", ("components/rewards/personal.py",)),
    "members_only": (
        "a column of products",
        (
            "components/catalog/snapshot/catalogue_rows.py",
            "web/staff/catalogue/product_forms.py",
            "templates/staff/catalogue/products/_fields.html",
        ),
    ),
}
"""The same word for something else: what it is there, and where."""


def sources() -> Iterator[Path]:
    for path in (
        *(ROOT / "components").rglob("*.py"),
        *(ROOT / "web").rglob("*.py"),
        *(ROOT / "templates").rglob("*.*"),
    ):
        is_own = any(path.is_relative_to(folder) for folder in FOLDERS)
        if path.suffix in {".py", ".html", ".xml"} and not is_own and "demo" not in path.parts:
            yield path


def strings(path: Path) -> Iterator[str]:
    if path.suffix != ".py":
        yield path.read_text()
        return
    for node in ast.walk(parsed(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield f'"{node.value}"'


def named(path: Path) -> set[str]:
    quoted = {key: (f"'{key}'", f'"{key}"') for key in KEYS}
    return {key for words in strings(path) for key, found in quoted.items() if any(one in words for one in found)}


def test_keys_of_kinds_stay_in_their_folders() -> None:
    assert len(KEYS) >= 10
    found = []
    for path in sources():
        place = str(path.relative_to(ROOT))
        for key in named(path):
            _, places = ELSEWHERE.get(key, ("", ()))
            if not place.startswith(places):
                found.append(f"{place} names the kind {key!r}")
    assert found == [], "Ask the kind instead: components/memberships/benefits/protocol.py says what it answers."


def test_nobody_imports_the_folder_of_a_kind() -> None:
    prefixes = tuple(f"components.memberships.benefits.{key}" for key in KEYS)
    found = [
        f"{path.relative_to(ROOT)} imports {node.module}"
        for path in sources()
        if path.suffix == ".py"
        for node in ast.walk(parsed(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(prefixes)
    ]
    assert found == []


def test_what_is_allowed_is_still_there() -> None:
    """An exception that nobody needs any more goes."""
    names = {str(path.relative_to(ROOT)): named(path) for path in sources()}
    stale = [
        f"{place}: {key}"
        for key, (_, places) in ELSEWHERE.items()
        for place in places
        if not any(key in keys for path, keys in names.items() if path.startswith(place))
    ]
    assert stale == []
