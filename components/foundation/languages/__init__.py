"""The languages the shop speaks: which one now, its words, and where they are kept. See docs/languages.md."""
