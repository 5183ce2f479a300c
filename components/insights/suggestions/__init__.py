"""What the shop could try, worked out each night from its own rows: one module a kind, with the evidence behind it.

Nothing is changed by a suggestion. Staff dismiss it, put it off or say that it is done; what they said is kept.
"""
