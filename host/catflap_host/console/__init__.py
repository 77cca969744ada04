"""What people see in the browser: pages made and escaped on the server, in English or Chinese."""
