"""Figures, worked out a second time by code that shares nothing with the shop."""
