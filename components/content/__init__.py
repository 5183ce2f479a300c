"""The journal, the pages, the home page's sections and the menus: what the shop says, who can read it, and from when.

Leaves to `memberships` who holds which benefit, and to `checkout` what the placeholders of a page stand for.
"""
