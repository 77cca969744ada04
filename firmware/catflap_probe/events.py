"""Line events: the kinds of things that a dialect hears on a line.

A dialect tells them to its listener as `heard(kind, t_ms, now_ms, text, detail)`: `t_ms` is the clock reading of the event's first
byte, `now_ms` that of its last. What `text` and `detail` hold is said at each kind; they are empty and 0 where nothing is said.
"""

RING = 1  # one ring, as the modem reports it; text: what it says of a distinctive cadence, often empty
FAINT_RING = 2  # what is left of a ring's text: enough to prolong a call, not to begin one
NUMBER = 3  # text: calling number; detail: an index of call.PRESENTATIONS
NAME = 4  # text: the caller's name, chosen by the caller
ANSWERED = 5  # detail: the modem's own number for the call (+CLCC's <id>), 0 where it gave none
RELEASED = 6  # text: the release cause (Q.850, decimal) where the modem told it; detail: the modem's own number for the call, or 0
DIALLED = 7  # text: called number, the trunk's owner is dialling; detail: an index of call.PRESENTATIONS
REPLY = 8  # text: the final result code of a command: OK, ERROR ...
WAITING = 9  # a call that waits while the line is in use; text: calling number; detail: an index of call.PRESENTATIONS
CALLED = 10  # text: the number that the caller dialled, where one line has several
INFORMATION = 11  # text: a line that is none of these, such as what a modem answers before its OK
RESET = 12  # text: what the modem wrote; it has started anew and lost its settings
OFF_HOOK = 13  # somebody took the line beside the modem: a handset or an extension
ON_HOOK = 14  # and left it again
TONE = 15  # text: what the modem heard on the line: busy, dial, ringback, silence, quiet, fax, data, or one DTMF key (0-9 * # A-D)
CAUSE = 16  # text: why the call before this was released (Q.850, decimal), told apart from the release (+CEER)
MESSAGE = 17  # text: the number that sent a short message, a blank, the first line of it
STORED = 18  # text: the place in the modem's memory at which a message lies that has come
