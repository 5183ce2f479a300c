"""What opens something is read by the recipient alone: in no stored row, no page of staff, nobody else's export."""

import ast
import dataclasses
import re
from pathlib import Path

import pytest

from components.foundation import clock, database, settings
from components.foundation.secrecy import encryption
from components.messaging import email_outbox, mailbox, secret_placeholders
from components.people import customer_accounts, sign_in_links
from tests.scenarios.conftest import Kiln
from tests.support import people
from tests.support.pages import Browser

ROOT = Path(__file__).parents[3]
MESSAGING = ROOT / "components" / "messaging"
SENT_IN = [path for folder in ("emails", "notices", "alerts") for path in (MESSAGING / folder).glob("*.py")]
SENT_IN += MESSAGING.glob("*_email*.py")
SENT_IN += (ROOT / "components" / "campaigns").glob("campaign_*.py")
SENT_IN += (ROOT / "components" / "campaigns" / "journeys").glob("journey_*.py")
KINDS = {path.stem for path in (ROOT / "templates" / "emails").glob("*.txt")}
OPENS = {"token", "code", "password", "secret"}
LIKE_A_TOKEN = re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])")


def sends() -> list[ast.Call]:
    """Every place where an e-mail is created."""
    calls = [node for path in SENT_IN for node in ast.walk(ast.parse(path.read_text()))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)]  # fmt: skip
    return [call for call in calls if "fields" in named(call) or "template" in named(call)]


def named(call: ast.Call) -> dict[str | None, ast.expr]:
    return {one.arg: one.value for one in call.keywords}


def opening(part: ast.AST) -> list[str]:
    """What in this expression opens something; what stands inside `placeholder(…)` is a name, not the secret."""
    if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "placeholder":
        return []
    own = part.attr if isinstance(part, ast.Attribute) else part.id if isinstance(part, ast.Name) else ""
    return [name for name in (own,) if name in OPENS] + [
        found for child in ast.iter_child_nodes(part) for found in opening(child)
    ]


def test_no_kind_of_letter_is_given_what_opens_something_except_as_a_secret() -> None:
    """All kinds: by reading what each is created with, and what each template asks of it."""
    written = " ".join(path.read_text() for path in SENT_IN)
    assert not {kind for kind in KINDS if f'"{kind}"' not in written}
    for call in sends():
        given = [value for name, value in named(call).items() if name != "secrets"] + call.args
        assert not [name for value in given for name in opening(value)], ast.unparse(call)
    for path in (ROOT / "templates" / "emails").rglob("*.*"):
        assert not re.search(r"\.(token|code|password|secret)\b", path.read_text()), path.name
    planted = ast.parse('send(fields={"link": f"/orders/{order.token}"})').body[0]
    assert opening(planted) == ["token"], "this test sees what it looks for"


async def look_everywhere(staff: Browser, secrets: list[str]) -> None:
    rows = repr(await database.fetch("SELECT * FROM email"))
    for line in (await mailbox.email_page()).emails:
        for path in (f"/staff/emails/{line.id}", f"/staff/emails/{line.id}/sheet"):
            shown = (await staff.client.get(path)).text
            without_assets = re.sub(r'(?:href|src)="/static[^"]*"', "", shown)
            assert not [one for one in secrets if one in without_assets], (line.template, path)
    assert not [one for one in secrets if one in rows]


@pytest.mark.parametrize("is_production", [False, True])
async def test_neither_staff_nor_the_stored_row_shows_a_secret(
    kiln: Kiln, is_production: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six digits, a link's token, a gift's code: as they wait to be sent, in practice and in production."""
    person = await people.newcomer("theo@kiln.test")
    await sign_in_links.send("theo@kiln.test")
    await kiln.work()
    secrets = []
    for key, kind in (("order", "order_shipped"), ("gift", "gift"), ("seat", "seat_offered")):
        token = f"{key}-token-that-opens-something"
        mark = secret_placeholders.placeholder("t")
        fields = {
            "order_number": "K-1", "name": "Noor", "link": f"/{mark}", "code": mark,
            "lines": (), "sums": (), "carrier": "", "tracking": "", "tracking_link": "", "giver": "Maya", "message": "",
            "benefits": (),
            "plan_name": "Annual", "length": "a year", "until": clock.now(),
        }  # fmt: skip
        await email_outbox.send(
            key=key, to="noor@kiln.test", template=kind, subject=key, fields=fields, secrets={"t": token}
        )
        assert token in await people.letter(kind)
        secrets.append(token)
    secrets += re.findall(r"\b\d{6}\b|[\w-]{43}", await people.letter("sign_in"))
    secrets += LIKE_A_TOKEN.findall(await people.letter("account_opened"))
    assert len(secrets) == 6 and person.id
    await people.staff("sam@kiln.test", ["emails"])
    sam = await kiln.shop.signed_in("sam@kiln.test")
    if is_production:
        known = dataclasses.replace(settings.current(), environment="production")
        monkeypatch.setattr(settings, "current", lambda: known)
    await look_everywhere(sam, secrets)


async def test_reading_a_letter_is_in_the_audit_log_and_sending_it_again_too(
    kiln: Kiln, monkeypatch: pytest.MonkeyPatch
) -> None:
    noor = await people.customer("noor@kiln.test")
    await kiln.work()
    await email_outbox.send(
        key="one", to="noor@kiln.test", template="email_changed", subject="One", person=noor.id,
        fields={"name": "Noor", "email": "new@kiln.test"},
    )  # fmt: skip
    newest = (await mailbox.email_page(template="email_changed")).emails[0]
    sam = await people.staff("sam@kiln.test", ["emails"])
    browser = await kiln.shop.signed_in("sam@kiln.test")
    for path in ("", "/sheet", ""):
        assert (await browser.client.get(f"/staff/emails/{newest.id}{path}")).status_code == 200
    known = dataclasses.replace(settings.current(), smtp_url="smtp://127.0.0.1:1")
    with monkeypatch.context() as patch:
        patch.setattr(settings, "current", lambda: known)
        await browser.post(f"/staff/emails/{newest.id}/posting")
    rows = await database.fetch("SELECT actor, what, subject_id, after FROM audit_entry WHERE subject = 'e-mail'")
    assert [(row["actor"], row["what"], row["subject_id"]) for row in rows] == [
        (sam.id, "e-mail read", str(newest.id)),
        (sam.id, "e-mail sent again", str(newest.id)),
    ]
    assert str(noor.id) in rows[0]["after"] and "noor@" not in repr(rows)


async def test_what_was_sent_to_an_address_is_not_its_registrants_until_they_confirm_it(kiln: Kiln) -> None:
    """Somebody else's order, then an account opened under the same e-mail by a stranger."""
    await email_outbox.send(
        key="guest", to="noor@kiln.test", template="email_changed", subject="Your order K-1",
        fields={"name": "Noor Haddad, 1 Road, Leeds", "email": "x"},
    )  # fmt: skip
    stranger = await people.newcomer("noor@kiln.test")
    browser = await kiln.shop.signed_in("noor@kiln.test")
    assert "Leeds" not in (await browser.client.get("/account/privacy/data.json")).text
    await customer_accounts.confirm(stranger.id)
    assert "Leeds" in (await browser.client.get("/account/privacy/data.json")).text


async def test_a_replaced_secret_opens_what_it_sealed_while_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = encryption.encrypt("the-token", purpose="a")
    known = settings.current()
    assert encryption.decrypt(sealed, purpose="b") is None and encryption.decrypt("?", purpose="a") is None
    for former, expected in (((), None), ((known.secret_key,), "the-token")):
        replaced = dataclasses.replace(known, secret_key="another", former_secret_keys=former)
        monkeypatch.setattr(settings, "current", lambda replaced=replaced: replaced)
        assert encryption.decrypt(sealed, purpose="a") == expected
    assert encryption.encrypt("x", purpose="a") != encryption.encrypt("x", purpose="a")


async def test_a_letter_with_its_secret_readable_in_it_is_not_stored(db: None) -> None:
    with pytest.raises(email_outbox.UnsealedSecret):
        await email_outbox.send(
            key="a", to="noor@kiln.test", template="email_changed", subject="Hello",
            fields={"name": "the-token-itself", "email": "x"}, secrets={"token": "the-token-itself"},
        )  # fmt: skip
    assert not await database.fetch("SELECT id FROM email")
