"""Numbers that act badly, told to other houses and heard from them."""
