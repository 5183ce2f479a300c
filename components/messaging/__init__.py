"""Letters: written once from templates, kept, and sent by post (SMTP) or shown in the mailbox.

Leaves the reasons for writing to the components that announce them.
"""
