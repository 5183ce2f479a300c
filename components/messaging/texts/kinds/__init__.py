"""Each kind of e-mail with its placeholders, one module for each group."""
