"""A second simulated world of other structure: people, organisations and SIM boxes act, an exchange puts their calls through.

It is there to test what was trained on the first (catflap_models.simulate). It shares neither code nor figures with it, and knows
nothing of the probe but the format of a recording. All its figures are wide priors of its own.
"""
