"""What trunks present against what they were given: findings, each with its evidence, and how it was answered."""
