// An RP2040 with 2 MB of flash, a UART on either side and a USB host, in virtual time: rp2040js with what it lacks for us.
import { BasePeripheral, RP2040 } from 'rp2040js';
import { Core } from './core.mjs';
import { Flash } from './flash.mjs';
import { Pl011 } from './uart.mjs';
import { UsbSerial } from './usb.mjs';

const FLASH_BYTES = 2 << 20;
const FLASH_START = 0x10000000, SRAM_START = 0x20000000;
const ROM_BYTES = 0x4000;
const UARTS = [
  { place: 0x40034, irq: 20, dreq: { tx: 20, rx: 21 } },
  { place: 0x40038, irq: 21, dreq: { tx: 22, rx: 23 } },
];
const WATCHDOG = 0x40058, SSI = 0x18000;
const CHAN_ABORT = 0x444;
const ROSC = 0x40060, RANDOM_BIT = 0x1c;
const READ_UNIQUE_ID = 0x4b, UNIQUE_ID_PLACE = 5; // command, four bytes of padding, then eight of the id
const LED = 25;

// Counts what the emulator complains about; on a real part an unaligned access is a hard fault.
class Complaints {
  constructor() {
    this.errors = [];
  }
  debug() {}
  info() {}
  warn() {}
  error(name, message) {
    this.errors.push(`${name}: ${message}`);
  }
}

// The ring oscillator, of which only its random bit is read: drawn from a seed, so that a run can be had again.
class RingOscillator extends BasePeripheral {
  constructor(rp2040, seed) {
    super(rp2040, 'ROSC');
    this.seed = seed;
  }
  readUint32(offset) {
    if (offset !== RANDOM_BIT) return super.readUint32(offset);
    this.seed ^= this.seed << 13;
    this.seed ^= this.seed >>> 17;
    this.seed ^= this.seed << 5;
    return this.seed & 1;
  }
}

// The flash's serial interface: enough for the second boot stage and for reading the part's unique id.
class FlashPort extends BasePeripheral {
  constructor(rp2040, id) {
    super(rp2040, 'SSI');
    this.answer = [0, 0, 0, 0, 0, ...id];
    this.registers = new Map();
    this.sent = 0;
    this.command = 0;
    this.replies = [];
  }
  readUint32(offset) {
    if (offset === 0x28) return 0x06 | (this.replies.length ? 0x08 : 0); // SR: not busy, room to send, something to read
    if (offset === 0x60) return this.replies.shift() ?? 0;
    return this.registers.get(offset) ?? 0;
  }
  writeUint32(offset, value) {
    if (offset === 0x60) {
      if (!this.sent) this.command = value & 0xff;
      this.replies.push(this.command === READ_UNIQUE_ID ? this.answer[this.sent] ?? 0 : 0);
      this.sent++;
    } else {
      this.registers.set(offset, value);
      if (offset === 0x08) this.sent = 0; // SSIENR: another transfer
    }
  }
  select() {
    this.sent = 0;
    this.replies = [];
  }
}

export class Chip {
  // `rom`: the boot ROM's words; `hear(kind, fields)` is told what happens, at virtual time `us()` since power-on
  constructor(rom, id, hear) {
    this.rom = rom;
    this.id = id;
    this.hear = hear;
    this.flash = new Flash(FLASH_BYTES);
    this.hooks = this.flash.hooks(rom);
    this.isHook = new Uint8Array(ROM_BYTES);
    for (const address of this.hooks.keys()) this.isHook[address] = 1;
    this.sram = new Uint8Array(264 * 1024);
    this.before_us = 0; // what passed before the last reset
    this.cycles_before = 0;
    this.sleeps = 0; // how often it slept
    this.timers = []; // of whoever feeds the chip: [us, callback], in order
    this.complaints = new Complaints();
    this.start(0, new Uint32Array(8));
  }

  us() {
    return this.before_us + this.clock.nanos / 1000;
  }

  // Starts the chip, cold or after a reset: flash, RAM and the watchdog's scratch registers keep what they hold.
  start(reason, scratch) {
    const rp2040 = new RP2040();
    this.rp2040 = rp2040;
    this.clock = rp2040.clock;
    rp2040.logger = this.complaints;
    rp2040.loadBootrom(this.rom);
    rp2040.flash = this.flash.bytes;
    rp2040.flash16 = new Uint16Array(this.flash.bytes.buffer);
    rp2040.flashView = new DataView(this.flash.bytes.buffer);
    rp2040.sram = this.sram;
    rp2040.sramView = new DataView(this.sram.buffer);
    UARTS.forEach(({ place, irq, dreq }, index) => {
      const uart = new Pl011(rp2040, `UART${index}`, irq, dreq);
      uart.onByte = (value) => this.hear('byte', { uart: index, value });
      rp2040.uart[index] = rp2040.peripherals[place] = uart;
    });
    rp2040.uart.forEach((uart) => (uart.clkPeriChanged = () => {}));
    this.mendDma(rp2040.dma);
    this.flashPort = rp2040.peripherals[SSI] = new FlashPort(rp2040, this.id);
    this.oscillator = rp2040.peripherals[ROSC] = new RingOscillator(rp2040, this.oscillator?.seed ?? this.id.reduce((a, b) => a * 31 + b + 1, 1) | 0);
    this.watchdog = rp2040.peripherals[WATCHDOG];
    this.watchdog.reason = reason;
    this.watchdog.scratchData.set(scratch);
    this.resetting = false;
    this.watchdog.onWatchdogTrigger = () => {
      this.resetting = true;
      this.watchdog.alarm.enable = false; // it would ring on at the same moment for ever
    };
    this.usb = new UsbSerial(
      rp2040.usbCtrl,
      (bytes) => this.hear('usb', { text: Buffer.from(bytes).toString('latin1') }),
      () => this.hear('ready', {}),
    );
    rp2040.gpio[LED].addListener((state) => this.hear('led', { on: state === 1 }));
    this.alarm = this.clock.createAlarm(() => this.ring());
    this.plan();
    this.core = new Core(rp2040, this.rom, this.sram, this.flash.bytes, this.isHook);
    rp2040.core.PC = FLASH_START;
    rp2040.core.LR = 0;
  }

  mendDma(dma) {
    // a channel being aborted would seem busy for ever
    const read = dma.readUint32.bind(dma);
    dma.readUint32 = (offset) => (offset === CHAN_ABORT ? 0 : read(offset));
  }

  // Power is cut and comes back: RAM is lost.
  power() {
    this.sram.fill(0);
    this.restart(0, new Uint32Array(8));
  }

  restart(reason, scratch) {
    this.before_us = this.us();
    this.cycles_before += this.core.cycles;
    this.start(reason, scratch);
  }

  // Calls back at a virtual time.
  at(us, callback) {
    let place = this.timers.length;
    while (place > 0 && this.timers[place - 1][0] > us) place--;
    this.timers.splice(place, 0, [us, callback]);
    if (place === 0) this.plan();
  }

  plan() {
    this.alarm.cancel();
    if (this.timers.length) this.alarm.schedule(Math.max(0, (this.timers[0][0] - this.us()) * 1000));
  }

  ring() {
    while (this.timers.length && this.timers[0][0] <= this.us() + 0.0005) this.timers.shift()[1]();
    this.plan();
  }

  // How long the core has not slept.
  busy_us() {
    return (this.cycles_before + this.core.cycles) / 125;
  }

  // Runs up to a virtual time, or until `stop()` says so; it is asked now and then.
  run(until_us, stop) {
    while (!stop()) {
      const { clock, core } = this;
      const { m0 } = core;
      const until = (until_us - this.before_us) * 1000;
      // in nanoseconds, as the clock ticks: rounded to microseconds it could stand still before `until_us` for ever
      if (clock.nanosCounter >= until) return;
      if (m0.waiting) {
        this.sleeps++;
        const next = clock.nextAlarm ? clock.nextAlarm.nanos : until;
        clock.tick(Math.max(Math.min(next, until) - clock.nanosCounter, 0));
      } else if (m0.registers[15] < ROM_BYTES && this.isHook[m0.registers[15]]) this.inRom(m0);
      else core.run(until);
      if (this.resetting) {
        this.hear('reset', { reason: this.watchdog.reason === 1 ? 'watchdog' : 'forced' });
        this.restart(this.watchdog.reason, this.watchdog.scratchData);
      }
    }
  }

  inRom(m0) {
    const us = this.hooks.get(m0.registers[15])(m0.registers, (address, count) => this.read(address, count));
    if (us) {
      if (!m0.PM) this.flash.unmasked++;
      this.flash.stalled(us);
      this.clock.tick(us * 1000);
    }
    this.flashPort.select();
    this.core.cache.flush();
    m0.registers[15] = m0.registers[14] & ~1;
  }

  // Bytes of RAM or flash.
  read(address, count) {
    const [from, at] = address >= SRAM_START ? [this.sram, address - SRAM_START] : [this.flash.bytes, address - FLASH_START];
    return from.slice(at, at + count);
  }
}
