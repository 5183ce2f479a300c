"""The texts of the e-mails: what each kind says, with which placeholders, and what staff have made of it."""
