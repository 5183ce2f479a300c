"""Kiln, the demo: a maker of stoneware with its club, journal, cast and past, built with the verbs users use.

Owns nothing that the shop needs to run.
"""
