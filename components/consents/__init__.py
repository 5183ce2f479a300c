"""Who agreed to e-mails that nobody has to get: which kinds, when and how, with the whole history; and which addresses
cannot be reached.

Leaves what such e-mails say, and to whom they go, to the campaigns.
"""
