"""The way to the aggregator: envelope, HTTP, and the loop that sends the spool and forgets only what was committed."""
