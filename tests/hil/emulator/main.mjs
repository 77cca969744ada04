// Runs the emulated board. Commands come as JSON lines on standard input, events leave as JSON lines on standard output, each with `us`, the
// virtual microseconds since power-on. See ../emulated.py for the commands.
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Chip } from './chip.mjs';
import { Wire } from './wire.mjs';

const SLICE_US = 20000; // between looks at standard input
const ALIVE_MS = 10000; // of real time: so often it says that it runs; see SILENT_S in ../emulated.py
let chip;
let wires;
let goal = null; // {until_us, text}: what a `run` waits for
let heard = ''; // since the last `run`
let pace = 0; // virtual seconds a real second at most; 0: as fast as it can

function tell(kind, fields) {
  process.stdout.write(JSON.stringify({ event: kind, us: Math.round(chip.us()), ...fields }) + '\n');
}

function hear(kind, fields) {
  if (kind === 'byte') {
    wires[fields.uart].sent(fields.value);
    return;
  }
  if (kind === 'usb' && goal) heard += fields.text;
  if (kind !== 'led' || wires.showLed) tell(kind, fields);
}

const commands = {
  // the words of the boot ROM, and eight bytes that tell this board from others
  board({ rom, id }) {
    const words = new Uint32Array(new Uint8Array(readFileSync(rom)).buffer);
    chip = new Chip(words, id, hear);
    wires = [0, 1].map((index) => new Wire(chip, index, (kind, fields) => tell(kind, { uart: index, ...fields })));
  },
  flash({ image, at }) {
    chip.flash.bytes.set(readFileSync(image), at);
  },
  dump({ image }) {
    writeFileSync(image, chip.flash.bytes.subarray(0, chip.flash.size));
  },
  stalls(times) {
    Object.assign(chip.flash.times, times);
  },
  power() {
    chip.power();
  },
  modem({ uart, ...settings }) {
    wires[uart].plug(settings);
  },
  feed({ uart, events }) {
    wires[uart].feed(events);
  },
  usb({ text }) {
    chip.usb.write(Buffer.from(text, 'latin1'));
  },
  open({ open }) {
    chip.usb.setOpen(open);
  },
  leds({ show }) {
    wires.showLed = show;
  },
  stats() {
    const { erased, programmed, stalled_us, longest_us, unmasked } = chip.flash;
    tell('stats', {
      busy_us: chip.busy_us(),
      stack_low: chip.core.memory.stack_low,
      sleeps: chip.sleeps,
      xip_misses: chip.core.cache.misses,
      flash: { erased, programmed, stalled_us, longest_us, unmasked, wear: Math.max(...chip.flash.wear) },
      overruns: chip.rp2040.uart.map((uart) => uart.overruns),
      baud: chip.rp2040.uart.map((uart) => uart.baud),
      errors: chip.complaints.errors.slice(0, 20),
    });
  },
  run({ until_us, text }) {
    heard = '';
    goal = { until_us, text };
  },
  // runs on by itself, bound to real time
  go(settings) {
    pace = settings.pace;
    goal = { until_us: Infinity, real: performance.now(), from: chip.us() };
  },
  halt() {
    goal = null;
    tell('halted', {});
  },
};

function isFound() {
  return goal === null || (goal.text !== undefined && heard.includes(goal.text));
}

const queue = [];

function turn() {
  while (queue.length && (goal === null || goal.until_us === Infinity)) {
    const { do: what, ...fields } = JSON.parse(queue.shift());
    try {
      commands[what](fields);
    } catch (fault) {
      process.stdout.write(JSON.stringify({ event: 'fault', message: `${what}: ${fault.stack}` }) + '\n');
    }
  }
  if (goal === null) return;
  let delay = -1;
  try {
    chip.run(Math.min(goal.until_us, chip.us() + SLICE_US), isFound);
  } catch (fault) {
    process.stdout.write(JSON.stringify({ event: 'fault', message: fault.stack }) + '\n');
    goal = null;
    return;
  }
  if (goal.until_us === Infinity) {
    const ahead_ms = pace ? (chip.us() - goal.from) / 1000 / pace - (performance.now() - goal.real) : 0;
    if (ahead_ms > 1) delay = ahead_ms;
  } else if (isFound() || chip.us() >= goal.until_us - 0.001) {
    tell('ran', { found: isFound() });
    goal = null;
    delay = 0;
  }
  if (goal !== null || queue.length) delay > 0 ? setTimeout(turn, delay) : setImmediate(turn);
}

setInterval(() => goal && tell('alive', {}), ALIVE_MS);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    queue.push(line);
    if (queue.length === 1 && goal === null) setImmediate(turn);
  })
  .on('close', () => process.exit(0));
