// What a session of a client stands in: sockets that can be steered and tampered with, timers that can sleep, a page.
import { WebSocket } from 'ws';

const CLOSING_MILLIS = 500; // for the closing handshake, on a line that may be dead

/** A session storage that tells when it is written. */
export class PageStorage extends Map {
  onWrite = () => {};

  getItem = (key) => this.get(key) ?? null;
  removeItem = (key) => void this.delete(key);
  setItem = (key, value) => {
    this.set(key, value);
    this.onWrite();
  };
}

/** A machine that can sleep: then nothing that is due happens, until it wakes. */
export class Machine {
  #due = [];
  isAsleep = false;

  clock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimeout: (callback, millis) => setTimeout(() => this.do(callback, true), millis),
    clearTimeout: (timer) => clearTimeout(timer),
  };

  do(action, isTimer = false) {
    if (this.isAsleep) this.#due.push({ action, isTimer });
    else action();
  }

  /** @param {boolean} timersFirst what came on the network comes first, or what is due */
  wake(timersFirst) {
    this.isAsleep = false;
    const due = this.#due.splice(0);
    const first = due.filter(({ isTimer }) => isTimer === timersFirst);
    const then = due.filter(({ isTimer }) => isTimer !== timersFirst);
    for (const { action } of [...first, ...then]) action();
  }
}

/**
 * The WebSocket of a client.
 * @param {Machine} machine
 * @param {{ up: (wire: any) => any[], down: (wire: any) => any[] }} defect what becomes of messages
 * @param {(way: string, wire: any) => void} trace told what passes
 */
export function socketOn(machine, defect, trace) {
  return class Socket {
    /** The newest one. @type {Socket | undefined} */
    static current;
    /** Whether something of it vanished. */
    isHole = false;
    onopen = () => {};
    onmessage = () => {};
    onerror = () => {};
    onclose = () => {};

    constructor(url, protocol) {
      const inner = (this.inner = new WebSocket(url, protocol));
      inner.binaryType = 'arraybuffer';
      Socket.current = this;
      inner.onopen = (event) => machine.do(() => this.onopen(event));
      inner.onerror = (event) => machine.do(() => this.onerror(event));
      inner.onclose = (event) => machine.do(() => this.onclose(event));
      inner.onmessage = ({ data }) => machine.do(() => {
        trace('<', data);
        for (const wire of defect.down(data)) this.onmessage({ data: wire });
      });
    }

    get protocol() {
      return this.inner.protocol;
    }

    /** Of this end; undefined if there is none yet, or any more. */
    get port() {
      return this.inner._socket?.localPort;
    }

    send(data) {
      trace('>', data);
      for (const wire of defect.up(data)) this.inner.send(wire);
    }

    close(code, reason) {
      trace('closes', `${code ?? ''} ${reason ?? ''}`);
      this.inner.close(code, reason);
      setTimeout(() => this.inner.terminate(), CLOSING_MILLIS);
    }
  };
}
