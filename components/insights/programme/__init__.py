"""Whether the programme is healthy: who renews, who is kept, what members bring and what they are owed.

Each figure is of a span of time: from an instant until before another. Its definition is in `programme_words`.
"""
