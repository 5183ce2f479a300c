"""Marketing e-mails to many: what each campaign says, who gets it, sending it exactly once, and what came of it.

Leaves who agreed to consents, and handing e-mails to the mail server to messaging.
"""
