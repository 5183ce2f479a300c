"""Segments: customers who fit rules, found anew each time they are asked for, and the tags staff put on customers.

`kinds` has the rules, a module each; `rule_groups` puts them together, `rule_registry` knows them all by their keys.

It owns the rules, the statement they become, the sentence that says them, and saved segments. What the rules read stays
with its owners, who declare views named `segments_…`. Who is written to, what they are given and what a page shows of
it is left to those who use a segment.
"""
