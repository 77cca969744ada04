"""What the console and other programs read: JSON and server-sent events."""
