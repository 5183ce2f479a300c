"""Whose tries are counted: the visitor's, not the proxy's, and not what the visitor claims."""

import dataclasses

import pytest

from components.foundation import settings
from web import client_address

PROXIES = ("10.0.0.0/24", "10.0.1.2", "fd00::/8")


def scope(peer: str, *forwarded: str) -> dict[str, object]:
    return {"client": (peer, 4711), "headers": [(b"x-forwarded-for", one.encode()) for one in forwarded]}


def use(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    known = dataclasses.replace(settings.current(), **changes)  # type: ignore[arg-type]
    monkeypatch.setattr(settings, "current", lambda: known)


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("203.0.113.7", (), "203.0.113.7"),
        ("203.0.113.7", ("1.2.3.4",), "203.0.113.7"),
        ("10.0.0.1", ("203.0.113.7",), "203.0.113.7"),
        ("10.0.0.200", ("203.0.113.7",), "203.0.113.7"),
        ("10.0.2.1", ("203.0.113.7",), "10.0.2.1"),
        ("::ffff:10.0.0.1", ("203.0.113.7",), "203.0.113.7"),
        ("fd12::1", ("203.0.113.7",), "203.0.113.7"),
        ("10.0.0.1", ("1.2.3.4, 203.0.113.7",), "203.0.113.7"),
        ("10.0.0.1", ("1.2.3.4", "203.0.113.7"), "203.0.113.7"),
        ("10.0.0.1", ("203.0.113.7, 10.0.1.2",), "203.0.113.7"),
        ("10.0.0.1", ("10.0.0.9, 10.0.1.2",), "10.0.0.9"),
        ("10.0.0.1", ("203.0.113.7:51000",), "203.0.113.7"),
        ("10.0.0.1", ("[2001:db8:1:2::9]:51000",), "2001:db8:1:2::/64"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", (), "2001:db8:1:2::/64"),
        ("10.0.0.1", ("not an address",), "not an address"),
    ],
)
def test_the_address(monkeypatch: pytest.MonkeyPatch, peer: str, forwarded: tuple[str, ...], counted: str) -> None:
    use(monkeypatch, trusted_proxies=PROXIES)
    assert client_address.neighbourhood(scope(peer, *forwarded)) == counted


def test_with_none_named_nobody_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, trusted_proxies=("none",))
    assert client_address.neighbourhood(scope("10.0.0.1", "203.0.113.7")) == "10.0.0.1"


@pytest.mark.parametrize(
    ("peer", "forwarded", "environment", "networks", "may"),
    [
        ("127.0.0.1", (), "development", (), True),
        ("192.168.1.4", (), "development", (), False),
        ("127.0.0.1", ("8.8.8.8",), "development", (), False),
        ("127.0.0.1", (), "production", (), False),
        ("10.9.0.4", (), "production", ("10.9.0.0/16",), True),
        ("10.8.0.4", (), "production", ("10.9.0.0/16",), False),
        ("10.0.0.1", ("10.9.0.4",), "production", ("10.9.0.0/16",), True),
        ("10.0.0.1", ("8.8.8.8",), "production", ("10.9.0.0/16",), False),
        ("10.0.0.1", ("10.9.0.4, 8.8.8.8",), "production", ("10.9.0.0/16",), False),
        ("10.0.0.1", (), "production", ("10.0.0.0/8",), False),
        ("10.9.0.4", ("10.9.0.5",), "production", ("10.9.0.0/16",), False),
        ("unknown", (), "production", ("0.0.0.0/1",), False),
    ],
)
def test_who_may_read_the_metrics(
    monkeypatch: pytest.MonkeyPatch,
    peer: str,
    forwarded: tuple[str, ...],
    environment: str,
    networks: tuple[str, ...],
    may: bool,
) -> None:
    """Nor does a proxy open them that does not say for whom it asks."""
    use(monkeypatch, trusted_proxies=PROXIES, environment=environment, metrics_from=networks)
    assert client_address.may_read_metrics(scope(peer, *forwarded)) is may
