"""Real screenshots of the console for README.md, made of a replayed trunk."""
