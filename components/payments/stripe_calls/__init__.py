"""Every call we make to Stripe, one thin typed function each, and the shapes of the answers we read.

Here Stripe's words become ours: `canceled` becomes `cancelled`, seconds become instants, objects become frozen
dataclasses with the fields we use and nothing else.
"""
