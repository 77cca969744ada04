"""`catflap watch`: what a probe on this machine does, in a terminal, without aggregator and network.

spool_tail.py   records as the probe spools them, read beside it
tape_tail.py    what a line says, where the probe records it
seen.py         calls, alarms and health out of records
screen.py       the terminal
"""
