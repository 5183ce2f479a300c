"""What staff show besides a password or a link: a passkey, a code from an app, or a recovery code. Customers may sign
in with a passkey too; nothing more is asked of them."""
