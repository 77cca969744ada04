"""What houses tell each other of numbers: signed lists, partners, and matching without numbers."""
