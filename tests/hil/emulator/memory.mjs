// What the core reads and writes: RAM, ROM and flash by itself, everything else through rp2040js.
import { XipCache } from './xip.mjs';

export const RAM = 0x20000000, RAM_END = 0x20042000, ROM_END = 0x4000;
const SIO = 0xd0000000;

export class Memory {
  constructor(rp2040, rom, sram, flash) {
    this.rp2040 = rp2040;
    this.clock = rp2040.clock;
    this.cache = new XipCache();
    this.ram8 = sram;
    this.ram16 = new Uint16Array(sram.buffer);
    this.ram32 = new Uint32Array(sram.buffer);
    this.rom16 = new Uint16Array(rom.buffer);
    this.rom32 = rom;
    this.flash8 = flash;
    this.flash16 = new Uint16Array(flash.buffer);
    this.flash32 = new Uint32Array(flash.buffer);
    this.extra = 0; // cycles of a slow access under way
    this.stack_low = RAM_END; // the stack's lowest address so far
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

  // The stack reaches down to an address.
  deepen(address) {
    if (address < this.stack_low && address >= RAM) this.stack_low = address;
  }

  slow(address) {
    this.touched = true;
    this.extra += address >= SIO ? -1 : address >= 0x40000000 && address < 0x50000000 ? 2 : 0;
  }
}
