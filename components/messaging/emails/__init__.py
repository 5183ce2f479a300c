"""The e-mails the shop sends, one module for each subject."""
