"""Who comes here: accounts, operators and roles, passwords, sign-in links, sessions, addresses, erasure.

Leaves what a person may enjoy as a member to `memberships`, and writing letters to `messaging`.
"""
