"""How kept figures hear of what has changed: in the transaction that changes it."""
