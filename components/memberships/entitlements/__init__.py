"""Who holds what, from when until when, and because of what."""
