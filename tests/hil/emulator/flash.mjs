// Flash as the boot ROM's functions see it (datasheet section 2.8.3): erase and program take the time that they take on a real part, and
// the core stands still meanwhile, since it waits in the ROM with interrupts masked. rp2040js has neither the commands nor the time.
const SECTOR = 4096, PAGE = 256;
const code = (name) => name.charCodeAt(0) | (name.charCodeAt(1) << 8);

// The address of each function that the ROM's table names.
export function romFunctions(rom) {
  const half = (address) => (rom[address >> 2] >>> ((address & 2) * 8)) & 0xffff;
  const found = new Map();
  for (let entry = half(0x14); half(entry); entry += 4) found.set(half(entry), half(entry + 2) & ~1);
  return (name) => found.get(code(name));
}

export class Flash {
  // `size` bytes, erased; `elapse(us)` lets virtual time pass
  constructor(size) {
    this.bytes = new Uint8Array(16 << 20).fill(0xff);
    this.size = size;
    // W25Q16JV: sector erase 45 ms typical, 400 ms at most; page program 0.4 ms typical, 3 ms at most
    this.times = { erase_us: 45000, program_us: 400, worst_erase_us: 400000, worst_program_us: 3000, worst_every: 0 };
    this.erased = 0;
    this.programmed = 0;
    this.stalled_us = 0;
    this.longest_us = 0;
    this.unmasked = 0; // erased or programmed with interrupts on: a real part would crash
    this.wear = new Uint32Array(size / SECTOR);
  }

  // What to do instead of the ROM's code, by address: (registers) => microseconds that it takes.
  hooks(rom) {
    const at = romFunctions(rom);
    const nothing = () => 0;
    return new Map([
      [at('IF'), nothing],
      [at('EX'), nothing],
      [at('FC'), nothing],
      [at('CX'), nothing],
      [at('RE'), (r) => this.erase(r[0], r[1])],
      [at('RP'), (r, memory) => this.program(r[0], memory(r[1], r[2]))],
    ]);
  }

  erase(offset, count) {
    let us = 0;
    for (let at = offset; at < offset + count; at += SECTOR) {
      this.bytes.fill(0xff, at, at + SECTOR);
      this.wear[at / SECTOR]++;
      this.erased++;
      us += this.isWorst(this.erased) ? this.times.worst_erase_us : this.times.erase_us;
    }
    return us;
  }

  program(offset, data) {
    let us = 0;
    for (let at = 0; at < data.length; at += PAGE) {
      for (let i = at; i < Math.min(at + PAGE, data.length); i++) this.bytes[offset + i] &= data[i];
      this.programmed++;
      us += this.isWorst(this.programmed) ? this.times.worst_program_us : this.times.program_us;
    }
    return us;
  }

  isWorst(count) {
    return this.times.worst_every > 0 && count % this.times.worst_every === 0;
  }

  stalled(us) {
    this.stalled_us += us;
    this.longest_us = Math.max(this.longest_us, us);
  }
}
