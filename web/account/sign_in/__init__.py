"""Signing in and up, passwords, sessions, and confirming an e-mail address."""
