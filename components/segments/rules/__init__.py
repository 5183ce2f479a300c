"""Kinds of rules. A module here with `KINDS` is all it takes to add some."""
