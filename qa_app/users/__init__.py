"""People: accounts, roles, teams, signing in, API tokens, the audit log."""
