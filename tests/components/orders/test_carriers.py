"""A tracking number is a link where the carrier is known by its name, and plain text else."""

import pytest

from components.orders.delivery.carriers import TRACKING_ADDRESSES, tracking_address

DHL_DE = "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode="


@pytest.mark.parametrize(
    ("carrier", "country", "begins"),
    [
        ("DHL", "DE", DHL_DE),
        (" dhl  Paket", "AT", DHL_DE),
        ("DHL", "GB", "https://www.dhl.com/global-en/"),
        ("DHL Express Worldwide", "DE", "https://www.dhl.com/global-en/"),
        ("Royal Mail Tracked 48", "GB", "https://www.royalmail.com/"),
        ("DPD", "GB", "https://www.dpd.co.uk/"),
        ("Post", "AT", "https://www.post.at/"),
        ("Post", "GB", ""),
        ("DHLX", "DE", ""),
        ("The cousin with the van", "DE", ""),
        ("", "DE", ""),
    ],
)
def test_the_carrier_is_found_by_what_staff_type(carrier: str, country: str, begins: str) -> None:
    made = tracking_address(carrier, "JJD 0003 1", country=country)
    assert made.startswith(begins) and bool(made) is bool(begins)
    assert "JJD00031" in made or not begins


@pytest.mark.parametrize(
    "typed", ["", "12", "x" * 41, "../../x", "1234&next=//x", "12<34>", "https://a.b/c", "１２３４"]
)
def test_what_is_no_number_is_no_link(typed: str) -> None:
    assert tracking_address("DHL", typed, country="DE") == ""


def test_every_address_is_kept_once_and_safe() -> None:
    keys = [(name, country) for name, country, _ in TRACKING_ADDRESSES]
    assert len(set(keys)) == len(keys)
    for name, country, address in TRACKING_ADDRESSES:
        assert name == name.casefold() and len(country) in (0, 2)
        assert address.startswith("https://") and address.count("{number}") == 1
