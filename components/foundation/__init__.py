"""Foundation: money, time, ids, the database, announced facts, jobs, refusals and settings.

Knows nothing about shops. Everything else builds on it.
"""
