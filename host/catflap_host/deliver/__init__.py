"""What leaves the aggregator by itself: alarms and blocked calls to syslog and to webhooks."""
