"""Product files in the public shapes of other shops, as large as wanted.

With repeated SKUs, several columns of stock, missing columns, every encoding and separator, three scripts, and two in
five pictures that were there before.
"""

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass

Row = dict[str, str]
NAMES = {
    "latin": ("Blue jug", "Café cup", "Straße №".replace(" №", " mug"), 'Platter 12"', "Tea, green; loose"),
    "cyrillic": ("Глиняный чайник", "Чашка", "Блюдо", "Кувшин; большой", "Ваза"),
    "han": ("抹茶碗", "急須", "陶/器", "花瓶", "皿, 大"),
}
SIZES = ("Small", "Medium", "Large", "Extra large")
PLACES = ("Warehouse", "High Street")
TODAY = {
    "Handle": "URL handle",
    "Body (HTML)": "Description",
    "Published": "Published on online store",
    "Variant SKU": "SKU",
    "Variant Barcode": "Barcode",
    "Variant Price": "Price",
    "Variant Compare At Price": "Compare-at price",
    "Variant Taxable": "Charge tax",
    "Variant Inventory Tracker": "Inventory tracker",
    "Variant Inventory Qty": "Inventory quantity",
    "Variant Inventory Policy": "Continue selling when out of stock",
    "Variant Grams": "Weight value (grams)",
    "Variant Requires Shipping": "Requires shipping",
    "Image Src": "Product image URL",
    "Variant Image": "Variant image URL",
}
GERMAN = {
    "Type": "Typ",
    "SKU": "Artikelnummer",
    "Published": "Veröffentlicht",
    "Short description": "Kurzbeschreibung",
    "Description": "Beschreibung",
    "Regular price": "Regulärer Preis",
    "Sale price": "Angebotspreis",
    "Stock": "Bestand",
    "Weight (kg)": "Gewicht (kg)",
    "Categories": "Kategorien",
    "Tags": "Schlagwörter",
    "Images": "Bilder",
    "Parent": "Übergeordnetes Produkt",
    "Attribute 1 name": "Attribut 1 Name",
    "Attribute 1 value(s)": "Attribut 1 Wert(e)",
}


@dataclass(frozen=True, kw_only=True)
class Made:
    """One way in which a file may be written."""

    shop: str = "shopify"
    names: str = ""
    encoding: str = "utf-8"
    separator: str = ","
    line_end: str = "\r\n"
    scripts: tuple[str, ...] = ("latin", "cyrillic", "han")
    missing: frozenset[str] = frozenset()
    several_places: bool = False
    in_capitals: bool = True

    def file(self, rows: int, *, seed: int = 1) -> bytes:
        made = io.StringIO(newline="")
        found = self.rows(rows, seed=seed)
        first = next(found)
        columns = [name for name in first if name not in self.missing]
        other = {"today": TODAY, "german": GERMAN}.get(self.names, {})
        writer = csv.writer(made, delimiter=self.separator, lineterminator=self.line_end)
        written = [other.get(name, name) for name in columns]
        writer.writerow(written if self.in_capitals else [name.lower() for name in written])
        for row in (first, *found):
            writer.writerow([row[name] for name in columns])
        return made.getvalue().encode(self.encoding)

    def rows(self, count: int, *, seed: int = 1) -> Iterator[Row]:
        chance = random.Random(seed)
        written = number = 0
        while written < count:
            script = self.scripts[number % len(self.scripts)]
            title = f"{NAMES[script][number // 3 % 5]} {number}"
            product = list((_shopify if self.shop == "shopify" else _woocommerce)(number, title, chance))
            for row in product[: count - written]:
                yield self._placed(row)
                written += 1
            number += 1

    def _placed(self, row: Row) -> Row:
        """With a column of stock for each place instead of one for all."""
        if not self.several_places:
            return row
        total = row.pop("Variant Inventory Qty")
        parts = (int(total) // 2, int(total) - int(total) // 2) if total else ("", "")
        return row | {f"Inventory Available: {place}": str(part) for place, part in zip(PLACES, parts, strict=True)}


def _picture(number: int) -> str:
    """Two in five were there before."""
    return f"https://pictures.example/{number if number % 5 < 3 else number % 5}.jpg"


def _sku(number: int, size: int) -> str:
    """Every seventh product has one for all its sizes, which the next product has too."""
    return f"S-{number - number % 7 if number % 7 < 2 else number}" + ("" if number % 7 < 2 else f"-{size}")


def _shopify(number: int, title: str, chance: random.Random) -> Iterator[Row]:
    sizes = SIZES[: 1 + number % 4]
    for place, size in enumerate(sizes):
        first = place == 0
        price = chance.randint(100, 99_999)
        yield {
            "Handle": f"{title.lower().replace(' ', '-')}",
            "Title": title if first else "",
            "Body (HTML)": f"<p>Number {number},\n«{title}»; holds {price} ml.</p>" if first else "",
            "Vendor": "Kiln & Daughters" if first else "",
            "Type": ("Jug", "Cup")[number % 2] if first else "",
            "Tags": "table, new" if first else "",
            "Published": ("true", "false")[number % 5 == 4] if first else "",
            "Option1 Name": ("Size" if len(sizes) > 1 else "Title") if first else "",
            "Option1 Value": size if len(sizes) > 1 else "Default Title",
            "Variant SKU": _sku(number, place),
            "Variant Grams": str(chance.randint(1, 3000)),
            "Variant Inventory Tracker": "shopify",
            "Variant Inventory Qty": str(chance.randint(0, 99)),
            "Variant Inventory Policy": ("deny", "continue")[number % 6 == 5],
            "Variant Fulfillment Service": "manual",
            "Variant Price": f"{price // 100}.{price % 100:02}",
            "Variant Compare At Price": f"{price // 100 + 7}.00" if number % 3 == 0 else "",
            "Variant Requires Shipping": "true",
            "Variant Taxable": ("true", "false")[number % 8 == 7],
            "Variant Barcode": f"'{50_123_456_000 + number * 10 + place}",
            "Image Src": _picture(number) if first else "",
            "Image Position": "1" if first else "",
            "Image Alt Text": title if first else "",
            "Variant Image": "",
            "Cost per item": f"{price // 200}.50",
            "Our own column": f"={number}+{place}",
            "Status": ("active", "draft", "archived")[number % 9 // 3] if first else "",
        }


def _woocommerce(number: int, title: str, chance: random.Random) -> Iterator[Row]:
    sizes = SIZES[: 1 + number % 4]
    blank = dict.fromkeys(_WOO, "")
    sku = f"W-{number}" if number % 3 else ""
    about = {
        "Name": title,
        "Published": "1" if number % 5 < 4 else "0",
        "Short description": f"Number {number}.\\nIt holds a litre.",
        "Description": f"<p>«{title}»</p>\\n<p>In C:\\\\new.</p>" if number % 2 else "",
        "Categories": "Tea &amp; Coffee > Pots, New",
        "Tags": "table, new",
        "Images": _picture(number),
    }
    if len(sizes) > 1:
        options = {"Attribute 1 name": "Size", "Attribute 1 value(s)": ", ".join(sizes)}
        yield blank | about | options | {"ID": str(number * 10), "Type": "variable", "SKU": sku}
    for place, size in enumerate(sizes):
        price = chance.randint(100, 99_999)
        own = {
            "Regular price": f"{price // 100},{price % 100:02}",
            "Sale price": f"{max(price // 100 - 1, 0)},00" if number % 4 == 0 else "",
            "Stock": str(chance.randint(0, 99)),
            "Weight (kg)": f"0,{chance.randint(1, 9)}",
        }
        if len(sizes) == 1:
            yield blank | about | own | {"ID": str(number * 10), "Type": "simple", "SKU": sku}
        else:
            options = {"Attribute 1 name": "Size", "Attribute 1 value(s)": size, "Parent": f"id:{number * 10}"}
            ids = {"ID": str(number * 10 + place + 1), "Type": "variation", "Name": f"{title} - {size}"}
            yield blank | own | options | ids | {"Published": "1" if place < 3 else "0"}


_WOO = (
    *("ID", "Type", "SKU", "Name", "Published", "Short description", "Description", "Stock", "Weight (kg)"),
    *("Sale price", "Regular price", "Categories", "Tags", "Images", "Parent"),
    *("Attribute 1 name", "Attribute 1 value(s)"),
)
WAYS = {
    "shopify": Made(),
    "shopify today, UTF-16, tabs": Made(names="today", encoding="utf-16", separator="\t"),
    "shopify, several places, a mark": Made(several_places=True, encoding="utf-8-sig", line_end="\n"),
    "shopify, semicolons, Windows": Made(encoding="cp1252", separator=";", scripts=("latin",)),
    "shopify, Latin-1, old Macs, small letters": Made(
        encoding="latin-1", scripts=("latin",), line_end="\r", in_capitals=False
    ),
    "shopify, columns missing": Made(
        missing=frozenset({"Variant Inventory Qty", "Vendor", "Variant Barcode", "Status", "Variant Taxable"})
    ),
    "woocommerce": Made(shop="woocommerce"),
    "woocommerce in German, semicolons": Made(
        shop="woocommerce", names="german", separator=";", encoding="cp1252", scripts=("latin",)
    ),
    "woocommerce, columns missing": Made(
        shop="woocommerce",
        encoding="utf-8-sig",
        missing=frozenset({"Stock", "Sale price", "Tags", "Short description"}),
    ),
}
