"""The health of the programme: a period, its figures beside those of another, charts, and what customers are owed."""
