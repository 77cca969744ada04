"""What people see in the browser: one live page, made and escaped on the server."""
