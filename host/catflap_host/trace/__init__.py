"""通话溯源: every leg of a number's calls at any probe, joined into calls, and bundled as evidence that can be checked."""
