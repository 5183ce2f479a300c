"""Benefits of a plan that are tried on those who are asked to join: what may be tried. What members of an arm hold is a
variant of the plan, `memberships/editing/plan_variants.py`."""
