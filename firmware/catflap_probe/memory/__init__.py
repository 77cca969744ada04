"""What the trunk remembers: numbers, number blocks, lines and the trunk itself, bounded, in integers."""
