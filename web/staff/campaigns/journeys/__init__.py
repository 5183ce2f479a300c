"""Journeys in the staff area: listed, written step by step, started and stopped, and where everybody is."""
