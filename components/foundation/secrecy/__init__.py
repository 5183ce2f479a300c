"""Signing and encrypting with keys made of the shop's secret."""
