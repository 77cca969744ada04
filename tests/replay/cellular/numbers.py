"""The callers of the transcripts."""

A, B, C = "13812345678", "01062340001", "+442079460000"
