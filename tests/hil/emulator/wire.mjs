// What is wired to a UART: recorded text that arrives at its virtual times, byte for byte at the line's speed, and a modem that answers commands.
export class Wire {
  // `tell(kind, fields)` hears of each command that the board sent, and of each text that had to wait for the wire
  constructor(chip, index, tell) {
    this.chip = chip;
    this.index = index;
    this.tell = tell;
    this.byte_us = 10e6 / 115200;
    this.replies = {};
    this.otherwise = '\r\nOK\r\n';
    this.reply_us = 0;
    this.echo = false;
    this.quiet = true; // nobody is there
    this.free_us = 0; // when the wire has carried what it was given so far
    this.line = '';
    this.began_us = 0;
    this.last_us = 0; // when the board was last given a byte
    this.heard_us = 0; // the same, when it began its command
  }

  // Sets what is there. `replies` maps commands to texts; `reply_us` passes before one.
  plug({ baud, replies, otherwise, reply_us, echo }) {
    this.byte_us = 10e6 / baud;
    this.replies = replies ?? {};
    this.otherwise = otherwise ?? this.otherwise;
    this.reply_us = reply_us ?? 0;
    this.echo = echo ?? false;
    this.quiet = false;
  }

  // `events`: [us, text]; the text's first byte is complete at that time, or as soon as what came before is over.
  feed(events) {
    for (const [us, text] of events) {
      this.chip.at(us, () => {
        if (this.free_us > us) this.tell('late', { planned_us: us, text, began_us: this.free_us });
        this.begin(text);
      });
    }
  }

  begin(text) {
    const now = this.chip.us();
    let at = Math.max(now, this.free_us);
    for (const character of text) {
      const value = character.charCodeAt(0);
      if (at <= now) this.deliver(value);
      else this.chip.at(at, () => this.deliver(value));
      at += this.byte_us;
    }
    this.free_us = at;
  }

  deliver(value) {
    this.last_us = this.chip.us();
    this.chip.rp2040.uart[this.index].receive(value);
  }

  // The board sends a byte.
  sent(value) {
    if (!this.line) {
      this.began_us = this.chip.us();
      this.heard_us = this.last_us;
    }
    if (value !== 13) {
      this.line += String.fromCharCode(value);
      return;
    }
    const command = this.line;
    this.line = '';
    this.tell('command', { command, began_us: Math.round(this.began_us), fed_us: Math.round(this.heard_us) });
    if (this.quiet) return;
    const reply = this.replies[command] ?? this.otherwise;
    const text = (this.echo ? command + '\r' : '') + reply;
    if (text) this.chip.at(this.chip.us() + this.reply_us + this.byte_us, () => this.begin(text));
  }
}
