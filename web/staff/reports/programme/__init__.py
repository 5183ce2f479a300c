"""The health of the membership programme, and what customers are owed."""
