"""Confirming that it is you, passkeys and second factors."""
