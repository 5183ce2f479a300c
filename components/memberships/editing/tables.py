"""Variants of plans; and what staff are told once about fees that were set before."""

from piccolo.columns import UUID, Array, ForeignKey, OnDelete, Timestamptz
from piccolo.table import Table

from components.memberships.tables import Benefit, Plan


class FeeNotice(Table):
    """Fees that were set before `at` in a shop whose prices are without tax: since then their tax is in them.

    Written by the upgrade alone, where there were any. `read_at`: an owner has read it, and it is not shown again.
    """

    id = UUID(primary_key=True, default=None)
    at = Timestamptz(default=None)
    read_at = Timestamptz(null=True, default=None)
    read_by = UUID(null=True, default=None)


class PlanVariant(Table):
    """What some members of a plan were promised instead of what everybody is: its benefits but those in `without`, and
    `benefit` (one that is tried) as well."""

    id = UUID(primary_key=True, default=None)
    plan = ForeignKey(references=Plan, null=False, on_delete=OnDelete.restrict, index=True)
    without = Array(base_column=UUID(), default=list)
    benefit = ForeignKey(references=Benefit, null=False, on_delete=OnDelete.restrict)
    made_at = Timestamptz(default=None)


# A variant is of the same plan as whatever names it.
_OWN = "ALTER TABLE {0} ADD CONSTRAINT {0}_variant FOREIGN KEY (variant, plan) REFERENCES plan_variant (id, plan)"
_VARIANTS = (
    "ALTER TABLE plan_variant ADD CONSTRAINT plan_variant_of_plan UNIQUE (id, plan)",
    *(_OWN.format(table) for table in ("plan_version", "membership")),
)
DDL: tuple[str, ...] = (
    *_VARIANTS,
    "ALTER TABLE fee_notice ADD CONSTRAINT fee_notice_read CHECK ((read_at IS NULL) = (read_by IS NULL))",
)
