"""The customers of a file, one for each e-mail, from all its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.foundation.sheets.line_remarks import Remarks, Trouble
from components.old_shop import record_addresses, record_cells
from components.old_shop.record_addresses import ReadAddress

MOST_NOTE = 5_000
_PREFIXES = ("", "Shipping ", "Billing ")


@dataclass(slots=True, kw_only=True)
class CustomerRecord:
    """Whom the rows describe. `leftover` is what could not be used as it is, in words."""

    email: str
    lines: tuple[int, ...]
    name: str = ""
    language: str = ""
    consent: str = ""
    consent_words: str = ""
    consent_at: datetime | None = None
    tags: tuple[str, ...] = ()
    note: str = ""
    addresses: list[ReadAddress] = field(default_factory=list)
    leftover: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CustomersFile:
    """`remarks` are about rows of nobody."""

    sheet: CsvSheet
    places: Sequence[tuple[str, tuple[int, ...]]]
    remarks: Remarks

    def __len__(self) -> int:
        return len(self.places)

    def record(self, position: int) -> CustomerRecord:
        email, rows = self.places[position]
        return _record(self.sheet, email, [self.sheet.lines[row] for row in rows])


def read(sheet: CsvSheet) -> CustomersFile:
    """Which rows are whose; the rest is read when it is somebody's turn."""
    found: dict[str, list[int]] = {}
    remarks = Remarks()
    for row, line in enumerate(sheet.lines):
        if line.is_blank:
            continue
        written = sheet.value(line, "Email").strip().removeprefix("'") or sheet.value(line, "Billing Email").strip()
        email = record_cells.email(written) if written else None
        if email is not None and len(email) <= 254:
            found.setdefault(email, []).append(row)
        elif written:
            remarks.troubles.append(Trouble(line.number, f"“{written[:60]}” is not an e-mail address."))
        else:
            remarks.troubles.append(Trouble(line.number, "There is no e-mail. Without one nobody can sign in."))
    return CustomersFile(sheet, [(email, tuple(rows)) for email, rows in found.items()], remarks)


def _record(sheet: CsvSheet, email: str, lines: list[CsvLine]) -> CustomerRecord:
    made = CustomerRecord(email=email, lines=tuple(line.number for line in lines))
    for line in lines:
        made.name = made.name or _name(sheet, line)
        made.language = made.language or record_cells.words(sheet, line, "Language", longest=20)
        _add_consent(made, sheet, line)
        tags = record_cells.words(sheet, line, "Tags", longest=MOST_NOTE).split(",")
        made.tags = tuple(dict.fromkeys([*made.tags, *(tag.strip() for tag in tags if tag.strip())]))
        note = record_cells.words(sheet, line, "Note", longest=MOST_NOTE)
        if note and note not in made.note:
            made.note = f"{made.note}\n\n{note}".strip()[:MOST_NOTE]
        _add_addresses(made, sheet, line)
    return made


def _name(sheet: CsvSheet, line: CsvLine) -> str:
    return next(filter(None, (record_addresses.person_name(sheet, line, prefix) for prefix in _PREFIXES)), "")


def _add_consent(made: CustomerRecord, sheet: CsvSheet, line: CsvLine) -> None:
    """Of rows that disagree the one that says no counts."""
    written = record_cells.words(sheet, line, "Accepts Email Marketing", longest=100)
    said = record_cells.consent(written)
    if not said or made.consent == "no" or said == made.consent:
        return
    header = sheet.header[sheet.columns["Accepts Email Marketing"]].strip('"\ufeff ')
    made.consent, made.consent_words = said, f"{header[:90]}: {written}"
    made.consent_at = record_cells.instant(sheet.value(line, "Marketing Since"))


def _add_addresses(made: CustomerRecord, sheet: CsvSheet, line: CsvLine) -> None:
    for prefix in _PREFIXES:
        columns = (f"{prefix}Phone",) if prefix else ("Address Phone", "Phone")
        written = next(filter(None, (record_cells.words(sheet, line, one, longest=60) for one in columns)), "")
        found = record_addresses.read(sheet, line, prefix, made.name)
        country = found.parts["country"] if found and found.parts else ""
        dialled = record_addresses.phone(written, country) if written else ""
        if found is not None and found.parts is not None:
            found.parts["phone"] = dialled
            if not any(_same(found, other) for other in made.addresses):
                made.addresses.append(found)
        elif found is not None:
            _leave(made, f"Address: {found.text} ({found.why})")
        if written and (not dialled or found is None or found.parts is None):
            _leave(made, f"Phone: {dialled or written}")


def _same(one: ReadAddress, other: ReadAddress) -> bool:
    """Whether the telephone is all in which they differ."""
    assert one.parts is not None and other.parts is not None
    return {**one.parts, "phone": ""} == {**other.parts, "phone": ""}


def _leave(made: CustomerRecord, words: str) -> None:
    if words not in made.leftover:
        made.leftover.append(words[:600])
