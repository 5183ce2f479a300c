"""Keeping a shop: scheduled backups and their proof, upgrades that are rehearsed first, and moving to another place."""
