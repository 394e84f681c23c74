import assert from 'node:assert/strict';
import { createClientSession } from '../session-core.js';

export const TERMS = '\nwindow 60000\nping 20000\ngrace 10000\nmax-message 1000\nmax-pending 3 500';
export const WELCOME = `welcome\nsession s t\nuser ada\nnew${TERMS}`;
export const resumed = (handled) => `welcome\nsession s t\nresumed ${handled}${TERMS}`;
export const renewed = (reason) => `welcome\nsession s2 t2\nnew ${reason}${TERMS}`;

/** A message, or a payload, for people. */
export const show = (data) => (typeof data === 'string' ? data.replaceAll('\n', '|') : `bytes ${[...data]}`);

/** A client's session with its surroundings: what it sends and tells is noted, in one order, and must all be expected. */
export class CoreHarness {
  noted = [];
  /** Called for each thing told, after it was noted. */
  onTell = () => {};

  constructor({ stored, auth = 'secret', random = () => 1 - 1e-9, maxOutboxBytes = 2_000 } = {}) {
    this.auth = auth;
    const handler = {
      connect: () => this.noted.push('connect'),
      send: (wire) => this.noted.push(`> ${show(wire)}`),
      close: (code, reason) => this.noted.push(`close ${code} ${reason}`.trimEnd()),
      tell: (type, fields) => {
        const shown = Object.entries(fields).map(([key, value]) => (key === 'data' ? show(value) : `${value}`));
        this.noted.push([type, ...shown].join(' ').trimEnd());
        this.onTell(type, fields);
      },
    };
    // The longest wait, so that tests see its bound.
    this.session = createClientSession({ maxOutboxBytes, agent: 'test/1', random }, handler, stored);
    this.session.now = 1_000_000;
  }

  start() {
    this.session.connect();
    this.session.connected(this.auth);
  }

  /** Opens a session and forgets what that took. */
  open(welcome = WELCOME) {
    this.start();
    this.session.received(welcome);
    this.noted = [];
  }

  comes(...wires) {
    for (const wire of wires) this.session.received(wire);
  }

  /** Lets time pass; tells the session, if it is then due. */
  pass(millis) {
    this.session.now += millis;
    this.session.onTime();
  }

  /** Cuts the connection, opens the next one, and forgets what that took but for the hello, which it returns. */
  reconnect(code = 1006) {
    this.session.disconnected(code, '');
    this.pass(this.session.deadline - this.session.now);
    this.noted = [];
    this.session.connected(this.auth);
    assert.equal(this.noted.shift(), 'state greeting');
    return this.noted.shift();
  }

  result(name) {
    return ({ outcome, data, code, text }) => {
      const what = [outcome, code, data === undefined ? undefined : show(data), text];
      this.noted.push(`${name}: ${what.filter((part) => part !== undefined && part !== '').join(' ')}`);
    };
  }

  publish(text, topic = 'news') {
    return this.session.submit('pub', topic, text, this.result(text));
  }

  request(name, payload = '') {
    return this.session.submit('req', name, payload, this.result(name));
  }

  stream(name, credit, payload = '') {
    const part = (data) => this.noted.push(`${name} part ${show(data)}`);
    return this.session.submit('req', `${name} stream ${credit}`, payload, this.result(name), part, credit);
  }

  subscribe(pattern, start = {}) {
    this.session.subscribe(pattern, start, this.result(`sub ${pattern}`));
  }

  unsubscribe(pattern) {
    this.session.unsubscribe(pattern, this.result(`unsub ${pattern}`));
  }

  /** What was noted since, all of it. */
  expect(...lines) {
    assert.deepEqual(this.noted.splice(0), lines);
  }
}
