"""What must hold of the records of the earlier shop."""

from components.foundation.consistency.invariant_rules import references
from components.old_shop.tables import OldCustomer

REFERENCES = references((OldCustomer,), [(OldCustomer.person, "person")])
