// The instructions that calculate in registers: shifts, additions, comparisons, logic, and those on high registers.

// Executes one whose first five bits are 0 ... 8; `m0` has the flags. Returns its cycles, or 0 for one that is not ours.
export function calculate(op, pc, r, m0) {
  let isDone = true;
  let cycles = 1;
  switch (op >> 11) {
    case 0: {
      const value = r[(op >> 3) & 7];
      const by = (op >> 6) & 31;
      if (by) m0.C = ((value >>> (32 - by)) & 1) !== 0;
      const result = value << by;
      r[op & 7] = result;
      m0.N = result < 0;
      m0.Z = result === 0;
      r[15] = pc + 2;
      break;
    }
    case 1: {
      const value = r[(op >> 3) & 7];
      const by = (op >> 6) & 31;
      const result = by ? value >>> by : 0;
      m0.C = by ? ((value >>> (by - 1)) & 1) !== 0 : value >>> 31 !== 0;
      r[op & 7] = result;
      m0.N = false;
      m0.Z = result === 0;
      r[15] = pc + 2;
      break;
    }
    case 2: {
      const value = r[(op >> 3) & 7] | 0;
      const by = (op >> 6) & 31;
      const result = by ? value >> by : value >> 31;
      m0.C = by ? ((value >>> (by - 1)) & 1) !== 0 : value < 0;
      r[op & 7] = result;
      m0.N = result < 0;
      m0.Z = result === 0;
      r[15] = pc + 2;
      break;
    }
    case 3: {
      const a = r[(op >> 3) & 7];
      const b = op & 0x400 ? (op >> 6) & 7 : r[(op >> 6) & 7];
      let result;
      if (op & 0x200) {
        result = (a - b) | 0;
        m0.C = a >= b;
        m0.V = ((a ^ b) & (a ^ result)) < 0;
      } else {
        result = (a + b) | 0;
        m0.C = a + b > 0xffffffff;
        m0.V = (~(a ^ b) & (a ^ result)) < 0;
      }
      r[op & 7] = result;
      m0.N = result < 0;
      m0.Z = result === 0;
      r[15] = pc + 2;
      break;
    }
    case 4:
      r[(op >> 8) & 7] = op & 0xff;
      m0.N = false;
      m0.Z = (op & 0xff) === 0;
      r[15] = pc + 2;
      break;
    case 5: {
      const a = r[(op >> 8) & 7];
      const b = op & 0xff;
      const result = (a - b) | 0;
      m0.C = a >= b;
      m0.V = (a & (a ^ result)) < 0;
      m0.N = result < 0;
      m0.Z = result === 0;
      r[15] = pc + 2;
      break;
    }
    case 6: {
      const a = r[(op >> 8) & 7];
      const b = op & 0xff;
      const result = (a + b) | 0;
      m0.C = a + b > 0xffffffff;
      m0.V = (~a & (a ^ result)) < 0;
      r[(op >> 8) & 7] = result;
      m0.N = result < 0;
      m0.Z = result === 0;
      r[15] = pc + 2;
      break;
    }
    case 7: {
      const a = r[(op >> 8) & 7];
      const b = op & 0xff;
      const result = (a - b) | 0;
      m0.C = a >= b;
      m0.V = (a & (a ^ result)) < 0;
      r[(op >> 8) & 7] = result;
      m0.N = result < 0;
      m0.Z = result === 0;
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
          m0.C = a >= value;
          m0.V = ((a ^ value) & (a ^ result)) < 0;
          m0.N = result < 0;
          m0.Z = result === 0;
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
            m0.C = ((a >>> (32 - by)) & 1) !== 0;
          } else {
            result = 0;
            m0.C = by === 32 && (a & 1) !== 0;
          }
          break;
        }
        case 3: {
          const by = b & 255;
          if (by === 0) result = a | 0;
          else if (by < 32) {
            result = (a >>> by) | 0;
            m0.C = ((a >>> (by - 1)) & 1) !== 0;
          } else {
            result = 0;
            m0.C = by === 32 && a >>> 31 !== 0;
          }
          break;
        }
        case 4: {
          const by = b & 255;
          if (by === 0) result = a | 0;
          else if (by < 32) {
            result = (a | 0) >> by;
            m0.C = ((a >>> (by - 1)) & 1) !== 0;
          } else {
            result = (a | 0) >> 31;
            m0.C = a >>> 31 !== 0;
          }
          break;
        }
        case 5: {
          const sum = a + b + (m0.C ? 1 : 0);
          result = sum | 0;
          m0.C = sum > 0xffffffff;
          m0.V = (~(a ^ b) & (a ^ result)) < 0;
          break;
        }
        case 6: {
          const borrow = m0.C ? 0 : 1;
          result = (a - b - borrow) | 0;
          m0.C = a >= b + borrow;
          m0.V = ((a ^ b) & (a ^ result)) < 0;
          break;
        }
        case 7: {
          const by = b & 255;
          if (by === 0) result = a | 0;
          else {
            const turn = by & 31;
            result = turn ? (a >>> turn) | (a << (32 - turn)) : a | 0;
            m0.C = result < 0;
          }
          break;
        }
        case 8:
          result = a & b;
          isKept = false;
          break;
        case 9:
          result = -b | 0;
          m0.C = b === 0;
          m0.V = (b & result) < 0;
          break;
        case 10:
          result = (a - b) | 0;
          m0.C = a >= b;
          m0.V = ((a ^ b) & (a ^ result)) < 0;
          isKept = false;
          break;
        case 11:
          result = (a + b) | 0;
          m0.C = a + b > 0xffffffff;
          m0.V = (~(a ^ b) & (a ^ result)) < 0;
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
      m0.N = result < 0;
      m0.Z = result === 0;
      r[15] = pc + 2;
      break;
    }
  }
  return isDone ? cycles : 0;
}
