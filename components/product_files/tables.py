"""What came in from elsewhere, kept as it was written; and the keys of programs that may come in."""

from piccolo.columns import JSON, UUID, Array, Boolean, Bytea, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique
from piccolo.table import Table


class ImportedFile(Table):
    """One file's shape: its columns in order and how its lines end."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=255, unique=True)
    source = Varchar(length=20)
    header = Array(base_column=Text(), default=list)
    preamble = Text()
    line_end = Varchar(length=2)
    ends_with_line_end = Boolean(default=True)
    brought_in_at = Timestamptz(default=None)
    by = UUID(null=True, default=None)


class ImportedRow(Table):
    """One line of a file and what it became here. ``cells`` are as written, quotes included."""

    id = UUID(primary_key=True, default=None)
    file = ForeignKey(references=ImportedFile, null=False, on_delete=OnDelete.cascade)
    position = Integer(default=0)
    key = Text()
    cells = JSON()
    product = UUID(null=True, default=None, index=True)
    variant = UUID(null=True, default=None, index=True)


class ApiKey(Table):
    """A program that may ask. Only the digest of its secret is kept; ``prefix`` is its beginning, to tell it by."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=80)
    prefix = Varchar(length=12)
    digest = Bytea(unique=True, default=None)
    scopes = Array(base_column=Varchar(length=30), default=list)
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


class StoredReport(Table):
    """What a change asked for by a program was answered, so that asking again changes nothing.

    ``asked`` is the digest of what was asked under this ``name``, the program's own for it.
    """

    id = UUID(primary_key=True, default=None)
    key = ForeignKey(references=ApiKey, null=False, on_delete=OnDelete.cascade)
    name = Varchar(length=200)
    asked = Bytea(default=None)
    answer = JSON(null=True, default=None)
    at = Timestamptz(default=None, index=True)

    once_per_name = Unique([key, name])


DDL: tuple[str, ...] = (
    "CREATE UNIQUE INDEX imported_row_position ON imported_row (file, position)",
    "CREATE VIEW insights_api_keys AS SELECT id, name FROM api_key",
)
