// The PL011 UART of the RP2040 (datasheet section 4.2), in place of rp2040js's, whose transmit interrupt never goes away and which has no
// receive DREQ, no receive timeout and no transmit time.
import { BasePeripheral } from 'rp2040js';

const DR = 0x00, RSR = 0x04, FR = 0x18, IBRD = 0x24, FBRD = 0x28, LCR_H = 0x2c, CR = 0x30, IFLS = 0x34;
const IMSC = 0x38, RIS = 0x3c, MIS = 0x40, ICR = 0x44, DMACR = 0x48;
const IDENTIFICATION = [0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1]; // from 0xfe0 on
const UARTEN = 1 << 0, TXE = 1 << 8, RXE = 1 << 9;
const FEN = 1 << 4;
const BUSY = 1 << 3, RXFE = 1 << 4, TXFF = 1 << 5, RXFF = 1 << 6, TXFE = 1 << 7;
const RXI = 1 << 4, TXI = 1 << 5, RTI = 1 << 6, OEI = 1 << 10;
const OVERRUN = 1 << 11; // beside the next byte read
const RXDMAE = 1 << 0, TXDMAE = 1 << 1;
const DEPTH = 32;
const LEVELS = [4, 8, 16, 24, 28]; // of IFLS
const TIMEOUT_BITS = 32;

export class Pl011 extends BasePeripheral {
  // `irq` and `dreq` ({rx, tx}) are numbers of the datasheet; `onByte(value)` hears each byte as its start bit leaves
  constructor(rp2040, name, irq, dreq) {
    super(rp2040, name);
    this.irq = irq;
    this.dreq = dreq;
    this.onByte = () => {};
    this.overruns = 0; // bytes lost since power-on
    this.control = RXE | TXE;
    this.lineControl = 0;
    this.levels = 0x12;
    this.mask = 0;
    this.status = 0;
    this.dma = 0;
    this.integer = 0;
    this.fraction = 0;
    this.received = [];
    this.toSend = [];
    this.sending = false;
    this.sent = rp2040.clock.createAlarm(() => this.nextToSend());
    this.silence = rp2040.clock.createAlarm(() => {
      if (this.received.length) this.raise(RTI);
    });
  }

  get enabled() {
    return (this.control & UARTEN) !== 0;
  }

  get depth() {
    return this.lineControl & FEN ? DEPTH : 1;
  }

  get bitNanos() {
    const divider = this.integer + this.fraction / 64;
    return divider ? (16e9 * divider) / this.rp2040.clkPeri : 0;
  }

  get baud() {
    return this.bitNanos ? Math.round(1e9 / this.bitNanos) : 0;
  }

  // A byte has arrived from outside, complete with its stop bit.
  receive(value) {
    if (!this.enabled || !(this.control & RXE)) return;
    if (this.received.length >= this.depth) {
      this.overruns++;
      this.overrun = true;
      this.raise(OEI);
      return;
    }
    this.received.push(this.overrun ? value | OVERRUN : value);
    this.overrun = false;
    this.silence.schedule(TIMEOUT_BITS * this.bitNanos);
    if (this.received.length >= this.receiveLevel()) this.raise(RXI);
    this.requestDma();
  }

  receiveLevel() {
    return this.depth === 1 ? 1 : LEVELS[(this.levels >> 3) & 7] ?? DEPTH;
  }

  sendLevel() {
    return this.depth === 1 ? 0 : DEPTH - (LEVELS[4 - Math.min(this.levels & 7, 4)] ?? 0);
  }

  raise(bits) {
    this.status |= bits;
    this.updateInterrupt();
  }

  updateInterrupt() {
    this.rp2040.setInterrupt(this.irq, (this.status & this.mask) !== 0);
  }

  requestDma() {
    const { dma } = this.rp2040;
    if (this.dma & RXDMAE && this.received.length) dma.setDREQ(this.dreq.rx);
    else dma.clearDREQ(this.dreq.rx);
    if (this.dma & TXDMAE && this.enabled && this.toSend.length < this.depth) dma.setDREQ(this.dreq.tx);
    else dma.clearDREQ(this.dreq.tx);
  }

  nextToSend() {
    this.sending = this.toSend.length > 0;
    if (!this.sending) return;
    const before = this.toSend.length;
    this.onByte(this.toSend.shift());
    this.sent.schedule(10 * this.bitNanos);
    if (before > this.sendLevel() && this.toSend.length <= this.sendLevel()) this.raise(TXI);
    this.requestDma();
  }

  takeReceived() {
    const value = this.received.length ? this.received.shift() : 0;
    if (this.received.length < this.receiveLevel()) this.status &= ~RXI;
    if (!this.received.length) {
      this.status &= ~RTI;
      this.silence.cancel();
    }
    this.updateInterrupt();
    this.requestDma();
    return value;
  }

  readUint32(offset) {
    switch (offset) {
      case DR:
        return this.takeReceived();
      case RSR:
        return 0;
      case FR:
        return (
          (this.sending ? BUSY : 0) |
          (this.received.length ? 0 : RXFE) |
          (this.received.length >= this.depth ? RXFF : 0) |
          (this.toSend.length ? 0 : TXFE) |
          (this.toSend.length >= this.depth ? TXFF : 0)
        );
      case IBRD:
        return this.integer;
      case FBRD:
        return this.fraction;
      case LCR_H:
        return this.lineControl;
      case CR:
        return this.control;
      case IFLS:
        return this.levels;
      case IMSC:
        return this.mask;
      case RIS:
        return this.status;
      case MIS:
        return this.status & this.mask;
      case DMACR:
        return this.dma;
    }
    if (offset >= 0xfe0 && offset <= 0xffc) return IDENTIFICATION[(offset - 0xfe0) >> 2];
    return super.readUint32(offset);
  }

  writeUint32(offset, value) {
    switch (offset) {
      case DR:
        if (this.toSend.length < this.depth) this.toSend.push(value & 0xff);
        if (this.toSend.length > this.sendLevel()) this.status &= ~TXI;
        if (!this.sending) this.nextToSend();
        break;
      case RSR:
        break;
      case IBRD:
        this.integer = value & 0xffff;
        break;
      case FBRD:
        this.fraction = value & 0x3f;
        break;
      case LCR_H:
        this.lineControl = value & 0xff;
        break;
      case CR:
        this.control = value & 0xffff;
        break;
      case IFLS:
        this.levels = value & 0x3f;
        break;
      case IMSC:
        this.mask = value & 0x7ff;
        break;
      case ICR:
        this.status &= ~this.rawWriteValue;
        break;
      case DMACR:
        this.dma = value & 7;
        break;
      default:
        super.writeUint32(offset, value);
    }
    this.updateInterrupt();
    this.requestDma();
  }
}
