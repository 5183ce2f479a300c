"""E-mails: rendered once from templates, stored, and sent by SMTP or shown in the mailbox.

Leaves the reasons for sending to the components that announce them.
"""
