"""What is written down about requests opens nothing."""

from components.foundation import ids
from web.logs import without_tokens


def test_a_token_in_an_address_is_not_written_down() -> None:
    token = ids.token()
    entry = without_tokens(None, "info", {"path": f"/sign-in/email/{token}", "trouble": f"no {token}!", "ms": 3})
    assert token not in repr(entry)
    assert entry["path"] == "/sign-in/email/[token]" and entry["ms"] == 3


def test_ids_and_words_stay_readable() -> None:
    path = f"/staff/orders/K-10001/{ids.new()}"
    assert without_tokens(None, "info", {"path": path})["path"] == path
