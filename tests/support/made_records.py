"""Files of customers and of orders of an earlier shop, as large as wanted."""

import csv
import io
import random
from collections.abc import Iterator

Row = dict[str, str]
TOWNS = (("LS1 4AB", "Leeds", "GB"), ("EX4 4QJ", "Exeter", "GB"), ("10115", "Berlin", "DE"), ("1010", "Wien", "AT"))
NAMES = ("Rosa Lind", "Otto Lehm", "Ines Okafor", "Mei 陶", "Łucja Nowak")


def customers(rows: int, *, seed: int = 1) -> bytes:
    return _written(_customers(rows, random.Random(seed)))


def orders(rows: int, *, seed: int = 1) -> bytes:
    """Two lines each."""
    return _written(_orders(rows, random.Random(seed)))


def _written(rows: Iterator[Row]) -> bytes:
    first = next(rows)
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, list(first))
    writer.writeheader()
    writer.writerows([first, *rows])
    return made.getvalue().encode()


def _customers(rows: int, chance: random.Random) -> Iterator[Row]:
    for number in range(rows):
        first, _, last = NAMES[number % len(NAMES)].partition(" ")
        postcode, town, country = TOWNS[number % len(TOWNS)]
        yield {
            "Customer ID": str(number),
            "First Name": first,
            "Last Name": last,
            "Email": f"customer{number}@example.com",
            "Accepts Email Marketing": ("yes", "no", "")[number % 3],
            "Default Address Company": "",
            "Default Address Address1": f"{chance.randint(1, 200)} High Street" if number % 5 else "",
            "Default Address City": town if number % 5 else "",
            "Default Address Zip": postcode if number % 5 else "",
            "Default Address Country Code": country if number % 5 else "",
            "Phone": f"'+44740012{number % 10_000:04}" if number % 4 == 0 else "",
            "Total Spent": f"{chance.randint(0, 999)}.50",
            "Note": "Likes blue" if number % 7 == 0 else "",
            "Tags": "vip, trade" if number % 6 == 0 else "",
        }


def _orders(rows: int, chance: random.Random) -> Iterator[Row]:
    for row in range(rows):
        number, line = divmod(row, 2)
        goods = chance.randint(100, 50_000)
        own = {
            "Name": f"#{1000 + number}",
            "Email": f"customer{number % 999}@example.com" if number % 9 else "",
            "Financial Status": ("paid", "refunded", "partially_refunded")[number % 3],
            "Fulfillment Status": "fulfilled",
            "Currency": "GBP",
            "Subtotal": f"{goods / 100:.2f}",
            "Shipping": "4.95",
            "Taxes": "0.00",
            "Total": f"{goods / 100 + 4.95:.2f}",
            "Refunded Amount": "1.00" if number % 3 else "",
            "Created at": f"2023-{1 + number % 12:02}-{1 + number % 28:02} 10:11:12 +0100",
            "Shipping Name": NAMES[number % len(NAMES)],
            "Shipping Address1": "1 High Street",
            "Shipping City": "Leeds",
            "Shipping Zip": "LS1 4AB",
            "Shipping Country": "GB",
        }
        kept = (
            own if line == 0 else {name: own[name] if name in ("Name", "Email", "Created at") else "" for name in own}
        )
        yield kept | {
            "Lineitem quantity": str(1 + line),
            "Lineitem name": f"Jug {row % 50}",
            "Lineitem price": f"{goods / 200:.2f}",
            "Lineitem sku": f"J-{row % 50}",
        }
