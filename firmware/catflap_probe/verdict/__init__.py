"""What a call is: the numbering check, the int8 classifier and the pool evidence, joined into a label, a score and reasons."""
