"""Save offers that are tried: which may be, who is asked, and what a decision makes of them."""
