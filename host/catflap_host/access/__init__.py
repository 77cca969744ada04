"""Who may use the console and the API: users, roles, sessions, API tokens."""
