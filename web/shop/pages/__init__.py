"""Pages such as terms and delivery, and the contact form."""
