"""What is taken out of the aggregator in forms of others: call records for analysts, pools for other houses."""
