import { connect } from '../session.js';
import { WELCOME, show } from './session-core-support.js';
import { ManualClock, fakeNetwork } from './support.js';

/** A session storage. */
export class MapStorage extends Map {
  getItem = (key) => this.get(key) ?? null;
  setItem = (key, value) => void this.set(key, String(value));
  removeItem = (key) => void this.delete(key);
}

export const EVENTS = ['state', 'welcome', 'message', 'gap', 'reset', 'out', 'overflow', 'here', 'join', 'leave',
  'expiring', 'error', 'end'];

/** A session over a fake network and a manual clock. What it tells is in `log`, as [type, fields]. */
export function setUpSession(options = {}) {
  const network = fakeNetwork();
  const clock = new ManualClock();
  const environment = new EventTarget();
  const base = { WebSocket: network.FakeWebSocket, clock, environment, random: () => 0.5, agent: 'test/1' };
  const session = connect('ws://test/', { ...base, ...options });
  const log = [];
  for (const type of EVENTS) {
    session.addEventListener(type, ({ isTrusted, ...fields }) => {
      log.push([type, Object.fromEntries(Object.entries(fields))]); // without what Node keeps under symbols
    });
  }
  const raise = (type, visibilityState) => {
    // What the document raises comes to the window, with the document as its target.
    const event = new Event(type);
    if (visibilityState) Object.defineProperty(event, 'target', { value: { visibilityState } });
    environment.dispatchEvent(event);
  };
  const accept = () => {
    network.last().protocol = 'bowline.v1';
    network.last().accept();
  };
  const open = (welcome = WELCOME) => {
    accept();
    network.last().deliver(welcome);
    network.last().sent.splice(0);
    log.splice(0);
  };
  /** What was sent on the last connection since it was last asked. */
  const sent = () => network.last().sent.splice(0).map(show);
  const types = () => log.splice(0).map(([type]) => type);
  const deliver = (...wires) => wires.forEach((wire) => network.last().deliver(wire));
  return { ...network, deliver, session, clock, environment, log, types, raise, accept, open, sent };
}

/** Lets all promises that can go on go on. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));
