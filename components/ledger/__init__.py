"""The ledger: cashback and store credit as double entry, from given to spent, expired or reversed.

Owns accounts, lots, postings and entries. Leaves who earns what to `memberships`, what is paid with it to `orders`.
"""
