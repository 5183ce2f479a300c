"""People: accounts, operators and roles, passwords, sign-in links, sessions, addresses, API keys,
rate limits, erasure.

Leaves member benefits to `memberships`, and sending e-mails to `messaging`.
"""
