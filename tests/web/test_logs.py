"""What is written down about requests opens nothing and says nobody's name; and it is one JSON object a line."""

import json
import re
import subprocess
import sys

import pytest

from components.foundation import ids
from tests.support import demos, people
from tests.support.cells import every_cell
from tests.support.shops import Shop
from web import logs
from web.logs import without_secrets
from web.routes import CONTROLLERS

CANARIES = {
    "password": "Wharfedale-pass-77", "email": "canary.person@example.org", "name": "Canaria Wharfedale",
    "line1": "77 Canary Wharf Lane", "city": "Canaryville", "postcode": "CM4 7YZ", "card": "4242424242424242",
    "code": "739104", "token": "c" * 20 + "A" * 23, "coupon": "CANARYCODE", "message": "canary words for a friend",
    "next": "/canary-next", "query": "canary-search",
}  # fmt: skip


def test_a_token_in_an_address_is_not_written_down() -> None:
    token = ids.token()
    entry = without_secrets(None, "info", {"path": f"/sign-in/email/{token}", "trouble": f"no {token}!", "ms": 3})
    assert token not in repr(entry)
    assert entry["path"] == "/sign-in/email/[token]" and entry["ms"] == 3


@every_cell(
    "text",
    [
        "Key (email)=(noor@kiln.test) DETAIL: Failing row contains (Noor Haddad, 1 Road).",
        "to noor+shop@kiln.test", "email=noor%40kiln.test", "card 4242 4242 4242 4242", "code ABCD-EFGH-JKLM",
        "sk_live_abcdefgh", "cfk_0123456789abcdef", "invalid input for query argument $1: 'Noor Haddad' (expected str)",
    ],
)  # fmt: skip
def test_what_says_who_somebody_is_or_opens_something_is_taken_out(text: str) -> None:
    left = without_secrets(None, "error", {"exception": text})["exception"]
    for told in ("noor", "Noor", "4242", "ABCD", "abcdefgh", "0123456789", "1 Road"):
        assert told not in left


def test_ids_and_words_stay_readable() -> None:
    path = f"/staff/orders/K-10001/{ids.new()}"
    assert without_secrets(None, "info", {"path": path})["path"] == path


PROGRAM = """
import asyncio, logging, threading, warnings
from web import logs
logs.configure("info")
logging.getLogger("a.library").error("from a library %s", "x", exc_info=ValueError("noor@kiln.test"))
warnings.warn("a warning")
async def main():
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
asyncio.run(main())
threading.Thread(target=lambda: {}["thread"]).start()
raise RuntimeError("uncaught for noor@kiln.test\\nin two lines")
"""


def test_every_line_is_one_json_object_whoever_writes_it() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=demos.ROOT, capture_output=True, text=True, timeout=60)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    whole = " ".join(json.dumps(line) for line in lines)
    for expected in ("from a library", "a warning", "ZeroDivisionError", "KeyError", "RuntimeError: uncaught"):
        assert expected in whole
    assert done.returncode == 1 and "noor@" not in whole and len(lines) == 5


async def test_no_canary_that_is_typed_anywhere_is_in_the_log_or_the_metrics(
    goods: Shop, capfd: pytest.CaptureFixture[str]
) -> None:
    """Sent to every address that takes something, as guest and as a customer, as a form and as nonsense."""
    logs.configure("debug")
    await people.customer(CANARIES["email"], name=CANARIES["name"])
    signed_in = await goods.signed_in(CANARIES["email"])
    paths = sorted({f"{one.path}{(handler.paths and sorted(handler.paths)[0]) or ''}".replace("//", "/")
                    for one in CONTROLLERS for handler in _posts(one)})  # fmt: skip
    assert len(paths) > 60
    for browser in (goods.browser(), signed_in):
        for path in paths:
            if "sign-out" in path or "erasure" in path or "sessions" in path:
                continue
            address = _filled(path)
            query = f"?q={CANARIES['query']}&email={CANARIES['email']}"
            answer = await browser.client.post(address + query, data={**CANARIES, **_lines()})
            assert CANARIES["password"] not in answer.text, path
    await goods.browser().client.get(f"/orders/{CANARIES['token']}")
    told = "".join(capfd.readouterr())
    metrics = (await goods.browser().client.get("/metrics")).text
    logs.configure("error")
    assert "answered" in told and "clubfront_requests_total" in metrics
    for name, canary in CANARIES.items():
        assert canary not in told and canary not in metrics, name


def _posts(controller: type) -> list[object]:
    return [value for value in vars(controller).values() if "POST" in getattr(value, "http_methods", ())]


def _filled(path: str) -> str:
    def value(found: re.Match[str]) -> str:
        return {"uuid": str(people.NOBODY), "int": "1"}.get(found[2], CANARIES["token"])

    return re.sub(r"\{(\w+):(\w+)\}", value, path)


def _lines() -> dict[str, str]:
    return {"recipient_email": CANARIES["email"], "recipient_name": CANARIES["name"], "country": "GB"}
