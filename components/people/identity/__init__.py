"""Confirming that it is you, although you are signed in: before what a thief of a session would do first."""
