// The cache before the flash (RP2040 datasheet section 2.6.3): 16 kB, two ways, lines of 8 bytes.
const SETS = 1024;
// Quad I/O read without command at 62.5 MHz: 8 clocks of address, 4 of waiting, 16 of data, two system cycles each, and some for select and the bus.
const MISS_CYCLES = 64;

export class XipCache {
  constructor() {
    this.first = new Int32Array(SETS).fill(-1);
    this.second = new Int32Array(SETS).fill(-1);
    this.misses = 0;
  }

  flush() {
    this.first.fill(-1);
    this.second.fill(-1);
  }

  // The cycles that the core waits for the line of an address.
  miss(address) {
    const line = address >>> 3;
    const set = line & (SETS - 1);
    if (this.first[set] === line) return 0;
    const other = this.first[set];
    this.first[set] = line;
    if (this.second[set] === line) {
      // the way used last comes first
      this.second[set] = other;
      return 0;
    }
    this.second[set] = other;
    this.misses++;
    return MISS_CYCLES;
  }
}
