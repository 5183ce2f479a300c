"""Every call to Stripe, one thin typed function each, and the types of the responses we read.

Here Stripe's terms become ours: `canceled` becomes `cancelled`, seconds become instants, objects become frozen
dataclasses with only the fields we use.
"""
