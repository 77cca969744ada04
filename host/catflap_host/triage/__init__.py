"""What people do with alarms: take note, give them to somebody, and say whether they were true."""
