// Runs a sleeping chip to one odd moment after another; each must come, however its microseconds are rounded.
import { readFileSync } from 'node:fs';
import { Chip } from './chip.mjs';

const [rom, rounds] = process.argv.slice(2);
const MOST_LOOKS = 1000; // of a run at whether it is to stop
const chip = new Chip(new Uint32Array(new Uint8Array(readFileSync(rom)).buffer), [1, 2, 3, 4, 5, 6, 7, 8], () => {});
chip.core.m0.waiting = true;
let seed = 12345;
const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0);
for (let round = 0; round < Number(rounds); round++) {
  const until_us = chip.us() + 20000 + 0.008 * (random() >>> 12);
  let looks = 0;
  chip.run(until_us, () => ++looks > MOST_LOOKS);
  if (looks > MOST_LOOKS) {
    console.log(`at ${chip.us()} us of ${until_us} the clock stands still`);
    process.exit(1);
  }
}
console.log(JSON.stringify({ rounds: Number(rounds), us: chip.us() }));
