"""Joining a plan, giving a membership, and what either would save."""
