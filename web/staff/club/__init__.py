"""The membership programme, for staff: plans, benefits, price migrations, gift memberships."""
