// The Cortex-M0+ in a hurry: the instructions that firmware spends its time with, several times faster than rp2040js, which still runs the rest
// and takes the interrupts. Cycles as the core's manual has them (DDI 0484C, table 3-1), and the misses of the XIP cache, which rp2040js leaves out.
import { calculate } from './arithmetic.mjs';
import { Memory, RAM, RAM_END, ROM_END } from './memory.mjs';
import { transfer } from './transfer.mjs';

const CYCLE_NS = 8; // 125 MHz
const MOST_INSTRUCTIONS = 200000; // of a run
const FIRST_TRANSFER = 9, FIRST_BRANCH = 26, BRANCH = 28, LONG = 30; // first five bits of an instruction

export class Core {
  // `inRom[address]` is true where something else stands in for the boot ROM's code
  constructor(rp2040, rom, sram, flash, inRom) {
    this.clock = rp2040.clock;
    this.m0 = rp2040.core;
    this.memory = new Memory(rp2040, rom, sram, flash);
    this.cache = this.memory.cache;
    this.inRom = inRom;
    this.cycles = 0;
  }

  // Runs until `until` (nanoseconds), a wait for an interrupt, or an address that `inRom` names; returns after a while at the latest.
  run(until) {
    const { m0, clock, memory, cache, inRom } = this;
    const { ram16, flash16, rom16 } = memory;
    const r = m0.registers;
    let now = clock.nanosCounter;
    const started = now;
    let deadline = clock.nextAlarm !== null && clock.nextAlarm.nanos < until ? clock.nextAlarm.nanos : until;
    let line = -1; // of the cache, that instructions come from
    for (let budget = MOST_INSTRUCTIONS; budget > 0; budget--) {
      const pc = r[15];
      let op;
      let cycles = 0;
      if (pc >>> 24 === 0x10) {
        op = flash16[(pc & 0xffffff) >> 1];
        if (pc >>> 3 !== line) {
          line = pc >>> 3;
          cycles = cache.miss(pc);
        }
      } else if (pc >= RAM && pc < RAM_END) op = ram16[(pc - RAM) >> 1];
      else if (pc < ROM_END) {
        if (inRom[pc]) break;
        op = rom16[pc >> 1];
      } else op = 0xde00;
      let own = 0; // cycles of an instruction that is ours
      if (!m0.interruptsUpdated) {
        const kind = op >> 11;
        if (kind < FIRST_TRANSFER) own = calculate(op, pc, r, m0);
        else if (kind < FIRST_BRANCH) own = transfer(op, pc, r, memory, now);
        else if (kind < BRANCH) own = branchIf(op, pc, r, m0);
        else if (kind === BRANCH) {
          r[15] = pc + 4 + (((op & 0x7ff) << 21) >> 20);
          own = 2;
        } else if (kind === LONG) {
          const at = pc + 2;
          const isInFlash = at >>> 24 === 0x10;
          const next = isInFlash ? flash16[(at & 0xffffff) >> 1] : at >= RAM && at < RAM_END ? ram16[(at - RAM) >> 1] : rom16[at >> 1];
          if ((next & 0xd000) === 0xd000) {
            if (isInFlash && at >>> 3 !== line) {
              line = at >>> 3;
              cycles += cache.miss(at);
            }
            own = call(op, next, pc, r);
          }
        }
      }
      if (own) cycles += own;
      else {
        clock.nanosCounter = now;
        cycles = m0.executeInstruction();
        line = -1;
        memory.touched = true;
      }
      if (memory.extra) {
        cycles += memory.extra;
        memory.extra = 0;
      }
      now += cycles * CYCLE_NS;
      if (now >= deadline || memory.touched) {
        clock.nanosCounter = now;
        memory.touched = false;
        if (clock.nextAlarm !== null && clock.nextAlarm.nanos <= now) clock.tick(0);
        if (m0.waiting || now >= until) break;
        deadline = clock.nextAlarm !== null && clock.nextAlarm.nanos < until ? clock.nextAlarm.nanos : until;
      }
    }
    clock.nanosCounter = now;
    this.cycles += (now - started) / CYCLE_NS;
  }
}

// Conditional branches; returns the cycles, 0 for the two codes that are none.
function branchIf(op, pc, r, { N, Z, C, V }) {
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
      return 0;
  }
  r[15] = pc + (isTaken ? 4 + (((op & 0xff) << 24) >> 23) : 2);
  return isTaken ? 2 : 1;
}

// BL, whose second half is `next`.
function call(op, next, pc, r) {
  const s = (op >> 10) & 1;
  const i1 = ((next >> 13) & 1) ^ s ^ 1;
  const i2 = ((next >> 11) & 1) ^ s ^ 1;
  r[14] = (pc + 4) | 1;
  r[15] = pc + 4 + ((-s << 24) | (i1 << 23) | (i2 << 22) | ((op & 0x3ff) << 12) | ((next & 0x7ff) << 1));
  return 3;
}
