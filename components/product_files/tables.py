"""Imported files as they were written, and the answers to stock reports."""

from piccolo.columns import JSON, UUID, Array, Boolean, Bytea, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique
from piccolo.table import Table


class ImportedFile(Table):
    """How one file is written: columns in order, line ends, letters; ``columns`` is what staff said of its columns."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=255, unique=True)
    source = Varchar(length=20)
    header = Array(base_column=Text(), default=list)
    preamble = Text()
    line_end = Varchar(length=2)
    ends_with_line_end = Boolean(default=True)
    encoding = Varchar(length=20, default="utf-8")
    separator = Varchar(length=1, default=",")
    columns = JSON()
    brought_in_at = Timestamptz(default=None)
    by = UUID(null=True, default=None)


class ImportedRow(Table):
    """One line of a file and its product here. ``cells`` are as written, including quotes."""

    id = UUID(primary_key=True, default=None)
    file = ForeignKey(references=ImportedFile, null=False, on_delete=OnDelete.cascade)
    position = Integer(default=0)
    key = Text()
    cells = JSON()
    product = UUID(null=True, default=None, index=True)
    variant = UUID(null=True, default=None, index=True)


class ProductImport(Table):
    """One uploaded file on its way into the catalogue. ``content`` is deleted once nothing needs it any more.

    ``state``: checking, checked, importing, done, cancelled or failed (then ``why`` says it). ``done`` of ``total``
    products have been checked or imported; ``heard_at`` is the last sign of life, by the database's clock. ``encoding``
    and ``columns`` are what staff said of the file: an empty encoding is found out. ``as_drafts``: what is new is not
    shown in the shop yet, whatever the file says.
    """

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=255)
    source = Varchar(length=20)
    content = Bytea(null=True, default=None)
    encoding = Varchar(length=20, default="")
    columns = JSON()
    lines = Integer(default=0)
    state = Varchar(length=10, default="checking")
    done = Integer(default=0)
    total = Integer(default=0)
    why = Text()
    started_by = UUID(null=True, default=None)
    as_drafts = Boolean(default=False)
    created_at = Timestamptz(default=None, index=True)
    heard_at = Timestamptz(default=None)


class ColumnChoice(Table):
    """What staff said last of the columns of such files; ``key`` is the digest of the names of all their columns."""

    id = UUID(primary_key=True, default=None)
    source = Varchar(length=20)
    key = Varchar(length=64)
    columns = JSON()
    said_at = Timestamptz(default=None)

    once_per_header = Unique([source, key])


class ImportStep(Table):
    """What one product of the file came to, written with it; ``changed_lines`` and ``variants`` are by line.

    ``outcome``: new, changed, the same, skipped or note (then ``words`` says why). What is said about the file itself
    has negative positions.
    """

    id = UUID(primary_key=True, default=None)
    run = ForeignKey(references=ProductImport, null=False, on_delete=OnDelete.cascade)
    position = Integer()
    line = Integer()
    title = Text()
    outcome = Varchar(length=10)
    fields = JSON()
    words = Text()
    changed_rows = Integer(default=0)
    product = UUID(null=True, default=None)
    variants = JSON()

    once_per_product = Unique([run, position])


class StoredReport(Table):
    """The answer to a change made through the API, so that repeating the request changes nothing.

    ``asked`` is the digest of the request; ``name`` is its idempotency key.
    """

    id = UUID(primary_key=True, default=None)
    key = UUID(default=None)
    name = Varchar(length=200)
    asked = Bytea(default=None)
    answer = JSON(null=True, default=None)
    at = Timestamptz(default=None, index=True)

    once_per_name = Unique([key, name])


DDL: tuple[str, ...] = (
    "CREATE UNIQUE INDEX imported_row_position ON imported_row (file, position)",
    """ALTER TABLE product_import ADD CONSTRAINT product_import_state CHECK (
       state IN ('checking', 'checked', 'importing', 'done', 'cancelled', 'failed')
       AND done BETWEEN 0 AND total AND (state NOT IN ('checking', 'checked', 'importing') OR content IS NOT NULL))""",
)
