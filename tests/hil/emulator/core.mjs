// The Cortex-M0+ in a hurry: the instructions that firmware spends its time with, several times faster than rp2040js, which still runs the rest
// and takes the interrupts. Cycles as the core's manual has them (DDI 0484C, table 3-1), and the misses of the XIP cache, which rp2040js leaves out.
import { XipCache } from './xip.mjs';

const CYCLE_NS = 8; // 125 MHz
const RAM = 0x20000000, RAM_END = 0x20042000, ROM_END = 0x4000;
const SIO = 0xd0000000;

export class Core {
  // `inRom(address)` is true where something else stands in for the boot ROM's code
  constructor(rp2040, rom, sram, flash, inRom) {
    this.rp2040 = rp2040;
    this.clock = rp2040.clock;
    this.m0 = rp2040.core;
    this.cache = new XipCache();
    this.ram8 = sram;
    this.ram16 = new Uint16Array(sram.buffer);
    this.ram32 = new Uint32Array(sram.buffer);
    this.rom16 = new Uint16Array(rom.buffer);
    this.rom32 = rom;
    this.flash8 = flash;
    this.flash16 = new Uint16Array(flash.buffer);
    this.flash32 = new Uint32Array(flash.buffer);
    this.inRom = inRom;
    this.cycles = 0;
    this.extra = 0; // cycles of a slow access under way
    this.touched = false; // an access outside memory may have changed alarms or interrupts
  }

  read32(address) {
    if ((address & 3) === 0) {
      if (address >= RAM && address < RAM_END) return this.ram32[(address - RAM) >> 2];
      if (address >>> 24 === 0x10) {
        this.extra += this.cache.miss(address);
        return this.flash32[(address & 0xffffff) >> 2];
      }
      if (address < ROM_END) return this.rom32[address >> 2];
    }
    this.slow(address);
    return this.rp2040.readUint32(address);
  }

  read16(address) {
    if ((address & 1) === 0) {
      if (address >= RAM && address < RAM_END) return this.ram16[(address - RAM) >> 1];
      if (address >>> 24 === 0x10) {
        this.extra += this.cache.miss(address);
        return this.flash16[(address & 0xffffff) >> 1];
      }
      if (address < ROM_END) return this.rom16[address >> 1];
    }
    this.slow(address);
    return this.rp2040.readUint16(address);
  }

  read8(address) {
    if (address >= RAM && address < RAM_END) return this.ram8[address - RAM];
    if (address >>> 24 === 0x10) {
      this.extra += this.cache.miss(address);
      return this.flash8[address & 0xffffff];
    }
    this.slow(address);
    return this.rp2040.readUint8(address);
  }

  write32(address, value) {
    if (address >= RAM && address < RAM_END && (address & 3) === 0) {
      this.ram32[(address - RAM) >> 2] = value;
      return;
    }
    this.slow(address);
    this.rp2040.writeUint32(address, value >>> 0);
  }

  write16(address, value) {
    if (address >= RAM && address < RAM_END && (address & 1) === 0) {
      this.ram16[(address - RAM) >> 1] = value;
      return;
    }
    this.slow(address);
    this.rp2040.writeUint16(address, value & 0xffff);
  }

  write8(address, value) {
    if (address >= RAM && address < RAM_END) {
      this.ram8[address - RAM] = value;
      return;
    }
    this.slow(address);
    this.rp2040.writeUint8(address, value & 0xff);
  }

  slow(address) {
    this.touched = true;
    this.extra += address >= SIO ? -1 : address >= 0x40000000 && address < 0x50000000 ? 2 : 0;
  }

  // Runs until `until` (nanoseconds), a wait for an interrupt, or an address that `inRom` names; returns after a while at the latest.
  run(until) {
    const { m0, clock, ram16, flash16, rom16, inRom, cache } = this;
    const r = m0.registers;
    let { N, Z, C, V } = m0;
    let now = clock.nanosCounter;
    const started = now;
    let deadline = clock.nextAlarm !== null && clock.nextAlarm.nanos < until ? clock.nextAlarm.nanos : until;
    let line = -1;
    for (let budget = 200000; budget > 0; budget--) {
      const pc = r[15];
      let op;
      let cycles = 1;
      if (pc >>> 24 === 0x10) {
        op = flash16[(pc & 0xffffff) >> 1];
        if (pc >>> 3 !== line) {
          line = pc >>> 3;
          cycles += cache.miss(pc);
        }
      } else if (pc >= RAM && pc < RAM_END) op = ram16[(pc - RAM) >> 1];
      else if (pc < ROM_END) {
        if (inRom[pc]) break;
        op = rom16[pc >> 1];
      } else op = 0xde00;
      let isDone = !m0.interruptsUpdated;
      if (isDone) {
        switch (op >> 11) {
          case 0: {
            const value = r[(op >> 3) & 7];
            const by = (op >> 6) & 31;
            if (by) C = ((value >>> (32 - by)) & 1) !== 0;
            const result = value << by;
            r[op & 7] = result;
            N = result < 0;
            Z = result === 0;
            r[15] = pc + 2;
            break;
          }
          case 1: {
            const value = r[(op >> 3) & 7];
            const by = (op >> 6) & 31;
            const result = by ? value >>> by : 0;
            C = by ? ((value >>> (by - 1)) & 1) !== 0 : value >>> 31 !== 0;
            r[op & 7] = result;
            N = false;
            Z = result === 0;
            r[15] = pc + 2;
            break;
          }
          case 2: {
            const value = r[(op >> 3) & 7] | 0;
            const by = (op >> 6) & 31;
            const result = by ? value >> by : value >> 31;
            C = by ? ((value >>> (by - 1)) & 1) !== 0 : value < 0;
            r[op & 7] = result;
            N = result < 0;
            Z = result === 0;
            r[15] = pc + 2;
            break;
          }
          case 3: {
            const a = r[(op >> 3) & 7];
            const b = op & 0x400 ? (op >> 6) & 7 : r[(op >> 6) & 7];
            let result;
            if (op & 0x200) {
              result = (a - b) | 0;
              C = a >= b;
              V = ((a ^ b) & (a ^ result)) < 0;
            } else {
              result = (a + b) | 0;
              C = a + b > 0xffffffff;
              V = (~(a ^ b) & (a ^ result)) < 0;
            }
            r[op & 7] = result;
            N = result < 0;
            Z = result === 0;
            r[15] = pc + 2;
            break;
          }
          case 4:
            r[(op >> 8) & 7] = op & 0xff;
            N = false;
            Z = (op & 0xff) === 0;
            r[15] = pc + 2;
            break;
          case 5: {
            const a = r[(op >> 8) & 7];
            const b = op & 0xff;
            const result = (a - b) | 0;
            C = a >= b;
            V = (a & (a ^ result)) < 0;
            N = result < 0;
            Z = result === 0;
            r[15] = pc + 2;
            break;
          }
          case 6: {
            const a = r[(op >> 8) & 7];
            const b = op & 0xff;
            const result = (a + b) | 0;
            C = a + b > 0xffffffff;
            V = (~a & (a ^ result)) < 0;
            r[(op >> 8) & 7] = result;
            N = result < 0;
            Z = result === 0;
            r[15] = pc + 2;
            break;
          }
          case 7: {
            const a = r[(op >> 8) & 7];
            const b = op & 0xff;
            const result = (a - b) | 0;
            C = a >= b;
            V = (a & (a ^ result)) < 0;
            r[(op >> 8) & 7] = result;
            N = result < 0;
            Z = result === 0;
            r[15] = pc + 2;
            break;
          }
          case 8: {
            if (op & 0x400) {
              const m = (op >> 3) & 15;
              const d = (op & 7) | ((op >> 4) & 8);
              const value = m === 15 ? pc + 4 : r[m];
              const kind = (op >> 8) & 3;
              if (kind === 3) {
                // BX, BLX; a return from an exception is not ours
                if (value >>> 28 === 15) isDone = false;
                else {
                  if (op & 0x80) r[14] = (pc + 2) | 1;
                  r[15] = value & ~1;
                  cycles++;
                }
              } else if (kind === 2) {
                if (d === 15) {
                  r[15] = value & ~1;
                  cycles++;
                } else {
                  r[d] = d === 13 ? value & ~3 : value;
                  r[15] = pc + 2;
                }
              } else if (kind === 0) {
                if (d === 15) isDone = false;
                else {
                  const sum = r[d] + value;
                  r[d] = d === 13 ? sum & ~3 : sum;
                  r[15] = pc + 2;
                }
              } else {
                const a = r[d];
                const result = (a - value) | 0;
                C = a >= value;
                V = ((a ^ value) & (a ^ result)) < 0;
                N = result < 0;
                Z = result === 0;
                r[15] = pc + 2;
              }
              break;
            }
            const b = r[(op >> 3) & 7];
            const a = r[op & 7];
            let result;
            let isKept = true;
            switch ((op >> 6) & 15) {
              case 0:
                result = a & b;
                break;
              case 1:
                result = a ^ b;
                break;
              case 2: {
                const by = b & 255;
                if (by === 0) result = a | 0;
                else if (by < 32) {
                  result = a << by;
                  C = ((a >>> (32 - by)) & 1) !== 0;
                } else {
                  result = 0;
                  C = by === 32 && (a & 1) !== 0;
                }
                break;
              }
              case 3: {
                const by = b & 255;
                if (by === 0) result = a | 0;
                else if (by < 32) {
                  result = (a >>> by) | 0;
                  C = ((a >>> (by - 1)) & 1) !== 0;
                } else {
                  result = 0;
                  C = by === 32 && a >>> 31 !== 0;
                }
                break;
              }
              case 4: {
                const by = b & 255;
                if (by === 0) result = a | 0;
                else if (by < 32) {
                  result = (a | 0) >> by;
                  C = ((a >>> (by - 1)) & 1) !== 0;
                } else {
                  result = (a | 0) >> 31;
                  C = a >>> 31 !== 0;
                }
                break;
              }
              case 5: {
                const sum = a + b + (C ? 1 : 0);
                result = sum | 0;
                C = sum > 0xffffffff;
                V = (~(a ^ b) & (a ^ result)) < 0;
                break;
              }
              case 6: {
                const borrow = C ? 0 : 1;
                result = (a - b - borrow) | 0;
                C = a >= b + borrow;
                V = ((a ^ b) & (a ^ result)) < 0;
                break;
              }
              case 7: {
                const by = b & 255;
                if (by === 0) result = a | 0;
                else {
                  const turn = by & 31;
                  result = turn ? (a >>> turn) | (a << (32 - turn)) : a | 0;
                  C = result < 0;
                }
                break;
              }
              case 8:
                result = a & b;
                isKept = false;
                break;
              case 9:
                result = -b | 0;
                C = b === 0;
                V = (b & result) < 0;
                break;
              case 10:
                result = (a - b) | 0;
                C = a >= b;
                V = ((a ^ b) & (a ^ result)) < 0;
                isKept = false;
                break;
              case 11:
                result = (a + b) | 0;
                C = a + b > 0xffffffff;
                V = (~(a ^ b) & (a ^ result)) < 0;
                isKept = false;
                break;
              case 12:
                result = a | b;
                break;
              case 13:
                result = Math.imul(a, b);
                break;
              case 14:
                result = a & ~b;
                break;
              default:
                result = ~b;
            }
            if (isKept) r[op & 7] = result;
            N = result < 0;
            Z = result === 0;
            r[15] = pc + 2;
            break;
          }
          case 9:
            r[15] = pc + 2;
            r[(op >> 8) & 7] = this.read32(((pc + 4) & ~3) + ((op & 0xff) << 2));
            cycles++;
            break;
          case 10:
          case 11: {
            const address = (r[(op >> 3) & 7] + r[(op >> 6) & 7]) >>> 0;
            if (address >= RAM_END || address < RAM) clock.nanosCounter = now;
            r[15] = pc + 2;
            cycles++;
            switch ((op >> 9) & 7) {
              case 0:
                this.write32(address, r[op & 7]);
                break;
              case 1:
                this.write16(address, r[op & 7]);
                break;
              case 2:
                this.write8(address, r[op & 7]);
                break;
              case 3:
                r[op & 7] = (this.read8(address) << 24) >> 24;
                break;
              case 4:
                r[op & 7] = this.read32(address);
                break;
              case 5:
                r[op & 7] = this.read16(address);
                break;
              case 6:
                r[op & 7] = this.read8(address);
                break;
              default:
                r[op & 7] = (this.read16(address) << 16) >> 16;
            }
            break;
          }
          case 12: {
            const address = (r[(op >> 3) & 7] + ((op >> 4) & 0x7c)) >>> 0;
            if (address >= RAM_END || address < RAM) clock.nanosCounter = now;
            r[15] = pc + 2;
            cycles++;
            this.write32(address, r[op & 7]);
            break;
          }
          case 13: {
            const address = (r[(op >> 3) & 7] + ((op >> 4) & 0x7c)) >>> 0;
            if (address >= RAM_END || address < RAM) clock.nanosCounter = now;
            r[15] = pc + 2;
            cycles++;
            r[op & 7] = this.read32(address);
            break;
          }
          case 14: {
            const address = (r[(op >> 3) & 7] + ((op >> 6) & 31)) >>> 0;
            if (address >= RAM_END || address < RAM) clock.nanosCounter = now;
            r[15] = pc + 2;
            cycles++;
            this.write8(address, r[op & 7]);
            break;
          }
          case 15: {
            const address = (r[(op >> 3) & 7] + ((op >> 6) & 31)) >>> 0;
            if (address >= RAM_END || address < RAM) clock.nanosCounter = now;
            r[15] = pc + 2;
            cycles++;
            r[op & 7] = this.read8(address);
            break;
          }
          case 16: {
            const address = (r[(op >> 3) & 7] + ((op >> 5) & 62)) >>> 0;
            if (address >= RAM_END || address < RAM) clock.nanosCounter = now;
            r[15] = pc + 2;
            cycles++;
            this.write16(address, r[op & 7]);
            break;
          }
          case 17: {
            const address = (r[(op >> 3) & 7] + ((op >> 5) & 62)) >>> 0;
            if (address >= RAM_END || address < RAM) clock.nanosCounter = now;
            r[15] = pc + 2;
            cycles++;
            r[op & 7] = this.read16(address);
            break;
          }
          case 18:
            r[15] = pc + 2;
            cycles++;
            this.write32(r[13] + ((op & 0xff) << 2), r[(op >> 8) & 7]);
            break;
          case 19:
            r[15] = pc + 2;
            cycles++;
            r[(op >> 8) & 7] = this.read32(r[13] + ((op & 0xff) << 2));
            break;
          case 20:
            r[(op >> 8) & 7] = ((pc + 4) & ~3) + ((op & 0xff) << 2);
            r[15] = pc + 2;
            break;
          case 21:
            r[(op >> 8) & 7] = r[13] + ((op & 0xff) << 2);
            r[15] = pc + 2;
            break;
          case 22:
          case 23: {
            switch ((op >> 8) & 15) {
              case 0: {
                const by = (op & 0x7f) << 2;
                r[13] += op & 0x80 ? -by : by;
                r[15] = pc + 2;
                break;
              }
              case 2: {
                const value = r[(op >> 3) & 7];
                const kind = (op >> 6) & 3;
                if (kind === 0) r[op & 7] = (value << 16) >> 16;
                else if (kind === 1) r[op & 7] = (value << 24) >> 24;
                else r[op & 7] = value & (kind === 2 ? 0xffff : 0xff);
                r[15] = pc + 2;
                break;
              }
              case 4:
              case 5: {
                let count = op & 0x100 ? 1 : 0;
                for (let bits = op & 0xff; bits; bits &= bits - 1) count++;
                let address = r[13] - 4 * count;
                r[13] = address;
                for (let i = 0; i < 8; i++) {
                  if (op & (1 << i)) {
                    this.write32(address, r[i]);
                    address += 4;
                  }
                }
                if (op & 0x100) this.write32(address, r[14]);
                cycles += count;
                r[15] = pc + 2;
                break;
              }
              case 12:
              case 13: {
                let address = r[13];
                if (op & 0x100) {
                  let count = 0;
                  for (let bits = op & 0xff; bits; bits &= bits - 1) count++;
                  const target = this.read32(address + 4 * count);
                  if (target >>> 28 === 15) {
                    isDone = false;
                    break;
                  }
                  r[15] = target & ~1;
                  cycles += 3;
                } else r[15] = pc + 2;
                for (let i = 0; i < 8; i++) {
                  if (op & (1 << i)) {
                    r[i] = this.read32(address);
                    address += 4;
                    cycles++;
                  }
                }
                if (op & 0x100) address += 4;
                r[13] = address;
                break;
              }
              default:
                isDone = false;
            }
            break;
          }
          case 24: {
            const n = (op >> 8) & 7;
            let address = r[n];
            clock.nanosCounter = now;
            for (let i = 0; i < 8; i++) {
              if (op & (1 << i)) {
                this.write32(address, r[i]);
                address += 4;
                cycles++;
              }
            }
            r[n] = address;
            r[15] = pc + 2;
            break;
          }
          case 25: {
            const n = (op >> 8) & 7;
            let address = r[n];
            clock.nanosCounter = now;
            for (let i = 0; i < 8; i++) {
              if (op & (1 << i)) {
                r[i] = this.read32(address);
                address += 4;
                cycles++;
              }
            }
            if (!(op & (1 << n))) r[n] = address;
            r[15] = pc + 2;
            break;
          }
          case 26:
          case 27: {
            let isTaken;
            switch ((op >> 8) & 15) {
              case 0:
                isTaken = Z;
                break;
              case 1:
                isTaken = !Z;
                break;
              case 2:
                isTaken = C;
                break;
              case 3:
                isTaken = !C;
                break;
              case 4:
                isTaken = N;
                break;
              case 5:
                isTaken = !N;
                break;
              case 6:
                isTaken = V;
                break;
              case 7:
                isTaken = !V;
                break;
              case 8:
                isTaken = C && !Z;
                break;
              case 9:
                isTaken = !C || Z;
                break;
              case 10:
                isTaken = N === V;
                break;
              case 11:
                isTaken = N !== V;
                break;
              case 12:
                isTaken = N === V && !Z;
                break;
              case 13:
                isTaken = N !== V || Z;
                break;
              default:
                isDone = false;
            }
            if (isDone) {
              if (isTaken) {
                r[15] = pc + 4 + (((op & 0xff) << 24) >> 23);
                cycles++;
              } else r[15] = pc + 2;
            }
            break;
          }
          case 28:
            r[15] = pc + 4 + (((op & 0x7ff) << 21) >> 20);
            cycles++;
            break;
          case 30: {
            const at = pc + 2;
            const op2 =
              at >>> 24 === 0x10 ? flash16[(at & 0xffffff) >> 1] : at >= RAM && at < RAM_END ? ram16[(at - RAM) >> 1] : rom16[at >> 1];
            if ((op2 & 0xd000) !== 0xd000) {
              isDone = false;
              break;
            }
            // BL
            if (at >>> 3 !== line && at >>> 24 === 0x10) {
              line = at >>> 3;
              cycles += cache.miss(at);
            }
            const s = (op >> 10) & 1;
            const i1 = ((op2 >> 13) & 1) ^ s ^ 1;
            const i2 = ((op2 >> 11) & 1) ^ s ^ 1;
            const offset = (-s << 24) | (i1 << 23) | (i2 << 22) | ((op & 0x3ff) << 12) | ((op2 & 0x7ff) << 1);
            r[14] = (pc + 4) | 1;
            r[15] = pc + 4 + offset;
            cycles += 2;
            break;
          }
          default:
            isDone = false;
        }
      }
      if (!isDone) {
        m0.N = N;
        m0.Z = Z;
        m0.C = C;
        m0.V = V;
        clock.nanosCounter = now;
        cycles = m0.executeInstruction();
        ({ N, Z, C, V } = m0);
        line = -1;
        this.touched = true;
      }
      if (this.extra) {
        cycles += this.extra;
        this.extra = 0;
      }
      now += cycles * CYCLE_NS;
      if (now >= deadline || this.touched) {
        clock.nanosCounter = now;
        this.touched = false;
        if (clock.nextAlarm !== null && clock.nextAlarm.nanos <= now) clock.tick(0);
        if (m0.waiting || now >= until) break;
        deadline = clock.nextAlarm !== null && clock.nextAlarm.nanos < until ? clock.nextAlarm.nanos : until;
      }
    }
    m0.N = N;
    m0.Z = Z;
    m0.C = C;
    m0.V = V;
    clock.nanosCounter = now;
    this.cycles += (now - started) / CYCLE_NS;
  }
}
