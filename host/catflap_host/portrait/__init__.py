"""Numbers that act as one, drawn so that a person sees it: who called when, from where, and how they became more."""
