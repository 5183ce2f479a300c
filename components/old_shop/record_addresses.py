"""Addresses of a row: by the rules of their country where they fit, else as text."""

from dataclasses import dataclass

from components.foundation.postal import phone_numbers, postal_forms
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.foundation.shop_settings import shop_settings
from components.old_shop import record_cells
from components.people.addresses import AddressParts

_LONGEST = {"line1": 200, "line2": 200, "district": 100, "city": 100, "region": 100, "postcode": 20}


@dataclass(frozen=True, slots=True)
class ReadAddress:
    """`parts` if it can be used here; `text` is the whole of it, `why` what is wrong with it."""

    text: str
    parts: AddressParts | None = None
    why: str = ""


def person_name(sheet: CsvSheet, line: CsvLine, prefix: str = "") -> str:
    whole = record_cells.words(sheet, line, f"{prefix}Name" if prefix else "Full Name")
    halves = (record_cells.words(sheet, line, f"{prefix}{half} Name", longest=99) for half in ("First", "Last"))
    return " ".join(half for half in halves if half) or whole


def read(sheet: CsvSheet, line: CsvLine, prefix: str, name: str) -> ReadAddress | None:
    """None where the row has none. `name` is whose it is if the row does not say."""
    cell = {key: record_cells.words(sheet, line, prefix + key) for key in _COLUMNS}
    if not any(cell[key] for key in ("Address1", "Address2", "City", "Zip")):
        return None
    name = person_name(sheet, line, prefix) or name
    code = record_cells.country(cell["Country Code"], cell["Country"])
    region = cell["Province"] or cell["Province Code"]
    shown = (cell["Company"], cell["Address1"], cell["Address2"], f"{cell['Zip']} {cell['City']}".strip(), region)
    whole = ", ".join(part for part in (name, *shown, cell["Country"] or cell["Country Code"]) if part)
    if not code:
        return ReadAddress(whole, why="its country is not known")
    return _fitted(cell, code, name, whole)


_COLUMNS = ("Company", "Address1", "Address2", "City", "Province", "Province Code", "Country", "Country Code", "Zip")


def _fitted(cell: dict[str, str], code: str, name: str, whole: str) -> ReadAddress:
    form = postal_forms.of_country(code, postal_forms.language_of(shop_settings.current().locale))
    second = " · ".join(part for part in (cell["Address2"], cell["Company"]) if part)
    typed = {
        "line1": cell["Address1"], "line2": second, "city": cell["City"], "postcode": cell["Zip"], "district": "",
        "region": _region(form, cell["Province Code"], cell["Province"]),
    }  # fmt: skip
    if not typed["line1"] and typed["line2"]:
        typed |= {"line1": typed["line2"], "line2": ""}
    wrong = [words for words in form.wrong(typed).values() if words]
    if any(len(typed[part]) > longest for part, longest in _LONGEST.items()):
        wrong.append("A part of it is too long.")
    if not name:
        wrong.append("It has no name.")
    if wrong:
        return ReadAddress(whole, why=" ".join(wrong))
    kept = form.cleaned(typed)
    lost = [typed["district"], *(typed[part] for part in ("city", "postcode") if part not in form.parts)]
    if any(lost):
        return ReadAddress(whole, why="its country writes addresses otherwise")
    kept |= {"name": name, "country": code, "phone": ""}
    return ReadAddress(whole, kept)  # type: ignore[arg-type]


def _region(form: postal_forms.PostalForm, code: str, name: str) -> str:
    """The value of the state, whichever way it is written; as it is where states are typed."""
    if "region" not in form.parts:
        return ""
    code = code.rpartition("-")[2]
    for value, label in form.regions:
        if value and (value == code.upper() or value == name.upper() or label.casefold() == name.casefold()):
            return value
    return name or code


def phone(written: str, country: str) -> str:
    """As it is kept; "" if it cannot be dialled."""
    return phone_numbers.checked(written, country or shop_settings.current().country) or ""
