"""Whose tries are counted: the visitor's, not the proxy's, and not what the visitor claims."""

import dataclasses
from types import SimpleNamespace

import pytest

from components.foundation import settings
from web.sign_in_session import address_of


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "1.2.3.4", "203.0.113.7"),
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("10.0.0.1", "not an address", "not an address"),
    ],
)
def test_the_address(monkeypatch: pytest.MonkeyPatch, peer: str, forwarded: str, counted: str) -> None:
    known = dataclasses.replace(settings.current(), trusted_proxies=("10.0.0.1", "10.0.0.2"))
    monkeypatch.setattr(settings, "current", lambda: known)
    request = SimpleNamespace(client=SimpleNamespace(host=peer), headers={"x-forwarded-for": forwarded})
    assert address_of(request) == counted  # type: ignore[arg-type]
