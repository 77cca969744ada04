// The instructions that read and write memory, with those that move the stack and make addresses.
import { RAM, RAM_END } from './memory.mjs';

// Executes one whose first five bits are 9 ... 25, at `now` (nanoseconds). Returns its cycles, or 0 for one that is not ours.
export function transfer(op, pc, r, memory, now) {
  let isDone = true;
  let cycles = 1;
  switch (op >> 11) {
    case 9:
      r[15] = pc + 2;
      r[(op >> 8) & 7] = memory.read32(((pc + 4) & ~3) + ((op & 0xff) << 2));
      cycles++;
      break;
    case 10:
    case 11: {
      const address = (r[(op >> 3) & 7] + r[(op >> 6) & 7]) >>> 0;
      if (address >= RAM_END || address < RAM) memory.clock.nanosCounter = now;
      r[15] = pc + 2;
      cycles++;
      switch ((op >> 9) & 7) {
        case 0:
          memory.write32(address, r[op & 7]);
          break;
        case 1:
          memory.write16(address, r[op & 7]);
          break;
        case 2:
          memory.write8(address, r[op & 7]);
          break;
        case 3:
          r[op & 7] = (memory.read8(address) << 24) >> 24;
          break;
        case 4:
          r[op & 7] = memory.read32(address);
          break;
        case 5:
          r[op & 7] = memory.read16(address);
          break;
        case 6:
          r[op & 7] = memory.read8(address);
          break;
        default:
          r[op & 7] = (memory.read16(address) << 16) >> 16;
      }
      break;
    }
    case 12: {
      const address = (r[(op >> 3) & 7] + ((op >> 4) & 0x7c)) >>> 0;
      if (address >= RAM_END || address < RAM) memory.clock.nanosCounter = now;
      r[15] = pc + 2;
      cycles++;
      memory.write32(address, r[op & 7]);
      break;
    }
    case 13: {
      const address = (r[(op >> 3) & 7] + ((op >> 4) & 0x7c)) >>> 0;
      if (address >= RAM_END || address < RAM) memory.clock.nanosCounter = now;
      r[15] = pc + 2;
      cycles++;
      r[op & 7] = memory.read32(address);
      break;
    }
    case 14: {
      const address = (r[(op >> 3) & 7] + ((op >> 6) & 31)) >>> 0;
      if (address >= RAM_END || address < RAM) memory.clock.nanosCounter = now;
      r[15] = pc + 2;
      cycles++;
      memory.write8(address, r[op & 7]);
      break;
    }
    case 15: {
      const address = (r[(op >> 3) & 7] + ((op >> 6) & 31)) >>> 0;
      if (address >= RAM_END || address < RAM) memory.clock.nanosCounter = now;
      r[15] = pc + 2;
      cycles++;
      r[op & 7] = memory.read8(address);
      break;
    }
    case 16: {
      const address = (r[(op >> 3) & 7] + ((op >> 5) & 62)) >>> 0;
      if (address >= RAM_END || address < RAM) memory.clock.nanosCounter = now;
      r[15] = pc + 2;
      cycles++;
      memory.write16(address, r[op & 7]);
      break;
    }
    case 17: {
      const address = (r[(op >> 3) & 7] + ((op >> 5) & 62)) >>> 0;
      if (address >= RAM_END || address < RAM) memory.clock.nanosCounter = now;
      r[15] = pc + 2;
      cycles++;
      r[op & 7] = memory.read16(address);
      break;
    }
    case 18:
      r[15] = pc + 2;
      cycles++;
      memory.write32(r[13] + ((op & 0xff) << 2), r[(op >> 8) & 7]);
      break;
    case 19:
      r[15] = pc + 2;
      cycles++;
      r[(op >> 8) & 7] = memory.read32(r[13] + ((op & 0xff) << 2));
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
          memory.deepen(r[13]);
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
          memory.deepen(address);
          for (let i = 0; i < 8; i++) {
            if (op & (1 << i)) {
              memory.write32(address, r[i]);
              address += 4;
            }
          }
          if (op & 0x100) memory.write32(address, r[14]);
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
            const target = memory.read32(address + 4 * count);
            if (target >>> 28 === 15) {
              isDone = false;
              break;
            }
            r[15] = target & ~1;
            cycles += 3;
          } else r[15] = pc + 2;
          for (let i = 0; i < 8; i++) {
            if (op & (1 << i)) {
              r[i] = memory.read32(address);
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
      memory.clock.nanosCounter = now;
      for (let i = 0; i < 8; i++) {
        if (op & (1 << i)) {
          memory.write32(address, r[i]);
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
      memory.clock.nanosCounter = now;
      for (let i = 0; i < 8; i++) {
        if (op & (1 << i)) {
          r[i] = memory.read32(address);
          address += 4;
          cycles++;
        }
      }
      if (!(op & (1 << n))) r[n] = address;
      r[15] = pc + 2;
      break;
    }
  }
  return isDone ? cycles : 0;
}
