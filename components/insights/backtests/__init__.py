"""The what-if simulator: past orders priced again by changed rules."""
