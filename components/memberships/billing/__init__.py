"""Subscriptions and everything that can happen to one."""
