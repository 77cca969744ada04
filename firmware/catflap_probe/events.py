"""Line events: the kinds of things that a dialect hears on a line.

A dialect tells them to its listener as `heard(kind, t_ms, now_ms, text, presentation)`: `t_ms` is the clock reading of the event's first
byte, `now_ms` that of its last.
"""

RING = 1  # one ring, as the modem reports it; text: what it says of a distinctive cadence, often empty
FAINT_RING = 2  # what is left of a ring's text: enough to prolong a call, not to begin one
NUMBER = 3  # text: calling number; presentation: an index of call.PRESENTATIONS
NAME = 4  # text: the caller's name, chosen by the caller
ANSWERED = 5
RELEASED = 6  # text: the release cause (Q.850, decimal) where the modem told it, else empty
DIALLED = 7  # text: called number, the trunk's owner is dialling
REPLY = 8  # text: the final result code of a command: OK, ERROR ...
WAITING = 9  # a call that waits while the line is in use; text: calling number; presentation as for NUMBER
CALLED = 10  # text: the number that the caller dialled, where one line has several
INFORMATION = 11  # text: a line that is none of these, such as what a modem answers before its OK
