"""What must hold of the runs that adopt members."""

from components.adoption.tables import Adoption, AdoptionPlan, AdoptionRow
from components.foundation.consistency.invariant_rules import references

REFERENCES = references(
    (Adoption, AdoptionPlan, AdoptionRow),
    [],
)
"""A row names people only to say what became of them: they may be gone since."""
