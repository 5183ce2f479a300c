"""Whether somebody is who they say: known browsers, passwords that can be guessed, confirming grave changes."""
