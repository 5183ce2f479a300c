"""The rows of segments."""

from piccolo.columns import JSON, UUID, Timestamptz, Varchar
from piccolo.table import Table


class Segment(Table):
    """Rules that are saved under a name. `rules` as `components/segments/rule_groups.py` reads them.

    Archived, it is offered no more and stays in what uses it already.
    """

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=80)
    rules = JSON()
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    changed_at = Timestamptz(default=None)
    archived_at = Timestamptz(null=True, default=None)


class CustomerTag(Table):
    """One word that staff put on one customer, in small letters."""

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None)
    tag = Varchar(length=40, index=True)
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)


DDL: tuple[str, ...] = (
    "CREATE UNIQUE INDEX segment_name ON segment (lower(name)) WHERE archived_at IS NULL",
    "ALTER TABLE segment ADD CONSTRAINT segment_is_named CHECK (name <> '')",
    "CREATE UNIQUE INDEX customer_tag_once ON customer_tag (person, tag)",
    "ALTER TABLE customer_tag ADD CONSTRAINT customer_tag_is_a_word CHECK (tag <> '' AND tag = lower(tag))",
)
