"""Texts that staff write: Markdown that is safe to show, and placeholders for what the shop knows."""
