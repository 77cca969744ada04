"""What no single line can see: numbers that act as one over lines, trunks and sites, found while calls come in."""
