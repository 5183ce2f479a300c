"""Coming in by e-mail, from any form: asking for an account, and what the browser remembers meanwhile."""
