"""The what-if simulator, for staff: scenarios of changed benefits and what they would have cost."""
