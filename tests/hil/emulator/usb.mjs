// The host's side of the board's USB serial port. In place of rp2040js's, which answers every read of an idle port with an empty packet,
// ten microseconds after the last one, and so keeps the core from ever sleeping.
import { DataDirection, SetupRecipient, SetupType, createSetupPacket, getDescriptorPacket, setDeviceAddressPacket, setDeviceConfigurationPacket } from 'rp2040js';

const CONFIGURATION = 2, INTERFACE = 4, ENDPOINT = 5; // descriptor types
const CONFIGURATION_BYTES = 9;
const DATA_CLASS = 10, BULK = 2;
const SET_CONTROL_LINE_STATE = 0x22, DTR_AND_RTS = 3;

export class UsbSerial {
  // `onData(bytes)` hears what the board writes; `onReady()` that the port is open
  constructor(controller, onData, onReady) {
    this.controller = controller;
    this.toBoard = [];
    this.wanted = 0; // bytes that the board would take now; 0: it takes none
    this.size = 0;
    this.descriptors = [];
    this.in = this.out = -1;
    this.open = false;
    controller.onUSBEnabled = () => controller.resetDevice();
    controller.onResetReceived = () => controller.sendSetupPacket(setDeviceAddressPacket(1));
    controller.onEndpointWrite = (endpoint, bytes) => {
      if (endpoint === 0) this.control(bytes, onReady);
      else if (endpoint === this.in) onData(bytes);
    };
    controller.onEndpointRead = (endpoint, size) => {
      if (endpoint === this.out) {
        this.wanted = size;
        this.push();
      }
    };
  }

  // Sends bytes to the board.
  write(bytes) {
    this.toBoard.push(...bytes);
    this.push();
  }

  // The host's program opens or closes the port.
  setOpen(open) {
    this.controller.sendSetupPacket(
      createSetupPacket({
        dataDirection: DataDirection.HostToDevice,
        type: SetupType.Class,
        recipient: SetupRecipient.Device,
        bRequest: SET_CONTROL_LINE_STATE,
        wValue: open ? DTR_AND_RTS : 0,
        wIndex: 0,
        wLength: 0,
      }),
    );
    this.open = open;
  }

  push() {
    if (!this.wanted || !this.toBoard.length) return;
    const packet = Uint8Array.from(this.toBoard.splice(0, this.wanted));
    this.wanted = 0;
    this.controller.endpointReadDone(this.out, packet);
  }

  control(bytes, onReady) {
    const { controller } = this;
    if (!bytes.length) {
      // an acknowledgement: of the address, then of the configuration
      if (!this.size) controller.sendSetupPacket(getDescriptorPacket(CONFIGURATION, CONFIGURATION_BYTES));
      else if (!this.open && this.descriptors.length) {
        this.setOpen(true);
        onReady();
      }
    } else if (!this.size && bytes.length === CONFIGURATION_BYTES && bytes[1] === CONFIGURATION) {
      this.size = bytes[2] | (bytes[3] << 8);
      controller.sendSetupPacket(getDescriptorPacket(CONFIGURATION, this.size));
    } else if (this.descriptors.length < this.size) {
      this.descriptors.push(...bytes);
      if (this.descriptors.length === this.size) {
        this.findEndpoints();
        controller.sendSetupPacket(setDeviceConfigurationPacket(1));
      }
    }
  }

  findEndpoints() {
    let isData = false;
    for (let at = 0; at + 1 < this.size && this.descriptors[at] > 1; at += this.descriptors[at]) {
      const [, type, address, kind] = this.descriptors.slice(at, at + 4);
      if (type === INTERFACE) isData = this.descriptors[at + 5] === DATA_CLASS;
      else if (isData && type === ENDPOINT && (kind & 3) === BULK) {
        if (address & 0x80) this.in = address & 0xf;
        else this.out = address & 0xf;
      }
    }
  }
}
