"""Whether somebody is who they say: passwords that can be guessed, browsers known, and confirming before grave changes."""
