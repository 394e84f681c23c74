import { ReconnectingWebSocket } from '/bowline.js';

const HEARTBEAT = { intervalMillis: 5_000, timeoutMillis: 3_000 };
const CHART_MILLIS = 60_000;
const LOG_ENTRIES = 500;
const SHOWN_CHARACTERS = 2_000;
const SHOWN_BYTES = 32;

// --- words --------------------------------------------------------------------------------------------------------

const WORDS = {
  en: {
    state: { connecting: 'Connecting', open: 'Open', waiting: 'Waiting', closing: 'Closing', closed: 'Closed' },
    close: 'Close',
    connect: 'Connect',
    'note-connecting': (url) => url,
    'note-open': (url) => `${url}\nA heartbeat checks the link every ${HEARTBEAT.intervalMillis / 1000} s of silence.`,
    'note-cut': `The line is dead, and nobody has told this page. The heartbeat will find out within ${
      (HEARTBEAT.intervalMillis + HEARTBEAT.timeoutMillis) / 1000
    } s. What you send now goes nowhere.`,
    'note-waiting': (attempt) => `The link is down. Attempt ${attempt} comes next; what you send waits for it.`,
    'note-closing': '',
    'note-closed': 'Closed for good: no attempt follows until you connect.',
    'log-empty': 'Write something: the server sends it back. Then cut the line, and watch.',
    'log-open': 'open',
    'log-open-again': (seconds) => `open again after ${seconds} s`,
    'log-cut': 'You cut the line. No close event: this is how a network dies.',
    'log-closed': (code, reason) => `closed: ${code}${reason && ` ${reason}`}`,
    'log-failed': 'no connection',
    'log-waiting': (attempt, seconds) => `attempt ${attempt} in ${seconds} s`,
    countdown: (seconds) => `in ${seconds} s`,
    'heartbeat-lost': 'the heartbeat had no answer',
    'lost-connection lost': 'may not have arrived',
    'lost-queue full': 'not sent, the queue is full',
    'lost-closed': 'not sent, the link is closed',
    again: 'Send again',
    bytes: (count) => `${count} B`,
    counts: (sent, received) => `${sent} sent, ${received} received`,
    chart: (millis) => `Round-trip time over the last minute; now ${millis} ms`,
  },
  zh: {
    tagline: '牢靠的 Java WebSocket',
    sessions: '断网不丢的会话',
    link: '连接',
    state: { connecting: '连接中', open: '已连接', waiting: '等待重连', closing: '关闭中', closed: '已关闭' },
    cut: '掐断网线',
    retry: '立即重连',
    close: '关闭',
    connect: '连接',
    trip: '往返时间',
    ago: '1 分钟前',
    now: '现在',
    you: '你',
    name: '你的名字',
    use: '使用',
    'name-hint': '取个名字，再用另一个名字打开第二个标签页，互发消息试试。',
    messages: '消息',
    clear: '清空',
    to: '发给用户',
    'to-hint': '@用户（空为回声）',
    text: '消息内容',
    binary: '二进制',
    send: '发送',
    'note-connecting': (url) => url,
    'note-open': (url) => `${url}\n静默 ${HEARTBEAT.intervalMillis / 1000} 秒即发心跳检查连接。`,
    'note-cut': `线路已断，但没有人通知本页。心跳会在 ${
      (HEARTBEAT.intervalMillis + HEARTBEAT.timeoutMillis) / 1000
    } 秒内发现。此刻发送的内容将石沉大海。`,
    'note-waiting': (attempt) => `连接已断开，即将第 ${attempt} 次重试；期间发送的内容会排队等候。`,
    'note-closing': '',
    'note-closed': '已主动关闭，不再自动重连。',
    'log-empty': '随便写点什么：服务器会原样发回。然后掐断网线，看看会发生什么。',
    'log-open': '已连接',
    'log-open-again': (seconds) => `${seconds} 秒后重新连上`,
    'log-cut': '你掐断了网线。没有 close 事件：真实的网络就是这样断的。',
    'log-closed': (code, reason) => `已断开：${code}${reason && ` ${reason}`}`,
    'log-failed': '未能连接',
    'log-waiting': (attempt, seconds) => `${seconds} 秒后第 ${attempt} 次重试`,
    countdown: (seconds) => `${seconds} 秒后`,
    'heartbeat-lost': '心跳无应答',
    'lost-connection lost': '可能未送达',
    'lost-queue full': '未发送，队列已满',
    'lost-closed': '未发送，连接已关闭',
    again: '重发',
    bytes: (count) => `${count} 字节`,
    counts: (sent, received) => `发送 ${sent}，接收 ${received}`,
    chart: (millis) => `最近一分钟的往返时间；当前 ${millis} 毫秒`,
  },
};

const language = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in WORDS) ?? 'en';
const words = WORDS[language];
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
for (const element of document.querySelectorAll('[data-t], [data-t-placeholder]')) {
  const { t, tPlaceholder } = element.dataset;
  if (t in words) element.textContent = words[t]; // English stands in the page already
  if (tPlaceholder in words) element.placeholder = words[tPlaceholder];
}

const byId = (id) => document.getElementById(id);

// --- the link -----------------------------------------------------------------------------------------------------

/** A `WebSocket` over a line that can be cut: then nothing comes through either way, and nothing tells. */
class CuttableWebSocket extends WebSocket {
  isCut = false;

  cut() {
    this.isCut = true;
  }

  send(data) {
    if (!this.isCut) super.send(data);
  }

  // close() does reach the server, or it would hold a ghost: the browser goes on answering its pings.

  set onmessage(handler) {
    super.onmessage = (event) => this.isCut || handler(event);
  }

  set onclose(handler) {
    super.onclose = (event) => this.isCut || handler(event);
  }

  set onerror(handler) {
    super.onerror = (event) => this.isCut || handler(event);
  }
}

/** What the page knows; `render` shows it. */
const view = {
  state: 'connecting',
  note: '',
  /** Since when the state holds; while waiting, when the next attempt comes. Milliseconds since 1970. */
  at: Date.now(),
  name: new URLSearchParams(location.search).get('user') ?? '',
  sent: 0,
  received: 0,
};
/** @type {ReconnectingWebSocket} */
let link;
/** @type {CuttableWebSocket | undefined} */
let line;

function address() {
  const url = new URL('/', location.href.replace(/^http/, 'ws'));
  url.searchParams.set('heartbeat', 'text');
  if (view.name) url.searchParams.set('user', view.name);
  return url.href;
}

function connect() {
  class Line extends CuttableWebSocket {
    constructor(...parameters) {
      super(...parameters);
      line = this;
    }
  }
  const socket = new ReconnectingWebSocket(address(), [], { heartbeat: HEARTBEAT, WebSocket: Line });
  link = socket;
  socket.binaryType = 'arraybuffer';
  const on = (type, handle) => socket.addEventListener(type, (event) => socket === link && handle(event));
  on('connecting', () => enter('connecting', words['note-connecting'](socket.url)));
  on('open', () => {
    const outage = chart.endOutage();
    logNote(outage === null ? words['log-open'] : words['log-open-again'](seconds(outage)), 'good');
    enter('open', words['note-open'](socket.url));
    socket.checkNow(); // the first round trip now, not after the first silence
  });
  on('heartbeat', ({ roundTripMillis }) => chart.add(roundTripMillis));
  on('message', ({ data }) => {
    view.received += 1;
    logMessage('received', data);
  });
  on('close', ({ code, reason, willReconnect }) => {
    const shown = reason.startsWith('heartbeat') ? words['heartbeat-lost'] : reason;
    logNote(words['log-closed'](code, shown), willReconnect ? 'bad' : '');
    if (willReconnect) {
      chart.beginOutage();
    } else {
      chart.endOutage();
      enter('closed', words['note-closed']);
    }
  });
  on('error', () => view.state === 'connecting' && logNote(words['log-failed'], 'bad'));
  on('waiting', ({ attempt, delayMillis, at }) => {
    logNote(words['log-waiting'](attempt, seconds(delayMillis)));
    enter('waiting', words['note-waiting'](attempt), at);
  });
  // Not only of the current link: what waited in one that was replaced must not be forgotten.
  socket.addEventListener('undelivered', ({ reason, messages }) => {
    for (const data of messages) logUndelivered(reason, data);
  });
  enter('connecting', words['note-connecting'](socket.url));
}

function reconnectAs(name) {
  view.name = name;
  const old = link;
  connect();
  old.close(1000);
}

function send(data) {
  if (link.send(data) !== 'accepted') return; // refused: `undelivered` has told
  view.sent += 1;
  logMessage('sent', data);
}

// --- the chart ----------------------------------------------------------------------------------------------------

const chart = {
  /** @type {{ at: number, millis: number }[]} */
  points: [],
  /** @type {{ from: number, to: number | null }[]} */
  outages: [],

  add(millis) {
    this.points.push({ at: Date.now(), millis });
    byId('trip').textContent = millis.toFixed(millis < 100 ? 1 : 0);
    byId('chart').setAttribute('aria-label', words.chart(millis.toFixed(1)));
    this.draw();
  },

  beginOutage() {
    if (this.outages.at(-1)?.to !== null) this.outages.push({ from: Date.now(), to: null });
    byId('trip').textContent = '–';
  },

  /** Returns how long it was, or null if there was none. */
  endOutage() {
    const outage = this.outages.at(-1);
    if (outage?.to !== null) return null;
    outage.to = Date.now();
    return outage.to - outage.from;
  },

  draw() {
    const now = Date.now();
    const from = now - CHART_MILLIS;
    this.outages = this.outages.filter(({ to }) => to === null || to > from);
    // One point beyond the edge stays, so that the curve runs out of the picture.
    this.points.splice(0, Math.max(0, this.points.findIndex(({ at }) => at > from) - 1));
    const top = niceCeiling(Math.max(...this.points.map(({ millis }) => millis), 1));
    const x = (at) => ((at - from) / CHART_MILLIS) * 300;
    const y = (millis) => 84 - (millis / top) * 80;
    byId('scale').textContent = `0 – ${top} ms`;

    const shapes = [84, 44, 4].map((height) => shape('line', { x1: 0, x2: 300, y1: height, y2: height }));
    for (const { from: start, to } of this.outages) {
      const left = Math.max(0, x(start));
      shapes.push(shape('rect', { class: 'outage', x: left, y: 4, width: Math.max(1, x(to ?? now) - left), height: 80 }));
    }
    for (const run of this.runs()) {
      const points = run.map(({ at, millis }) => `${Math.max(0, x(at))},${y(millis)}`);
      const [first, last] = [run[0], run.at(-1)].map(({ at }) => Math.max(0, x(at)));
      shapes.push(shape('polygon', { class: 'area', points: [`${first},84`, ...points, `${last},84`].join(' ') }));
      shapes.push(shape('polyline', { points: points.join(' ') }));
      const tip = { x: last, y: y(run.at(-1).millis) };
      shapes.push(shape('path', { class: 'point', d: `M${tip.x} ${tip.y}h0` }));
    }
    byId('chart').replaceChildren(...shapes);
  },

  /** The points, cut where an outage lies between two of them. */
  runs() {
    const runs = [];
    for (const point of this.points) {
      const before = runs.at(-1)?.at(-1);
      const isCut = before && this.outages.some(({ from }) => from >= before.at && from <= point.at);
      if (!before || isCut) runs.push([point]);
      else runs.at(-1).push(point);
    }
    return runs;
  },
};

function shape(name, attributes) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** The least of 1, 2, 5, 10, 20, 50 … that is not below the value. */
function niceCeiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((ceiling) => ceiling >= value);
}

// --- the log ------------------------------------------------------------------------------------------------------

function logMessage(kind, data) {
  log(kind, { sent: '↑', received: '↓' }[kind], describe(data), words.bytes(size(data)));
}

function logNote(text, tone = '') {
  log(`note-line ${tone}`, '·', text);
}

function logUndelivered(reason, data) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = words.again;
  button.addEventListener('click', () => {
    button.remove();
    send(data);
  });
  log('warn', '!', `${words[`lost-${reason}`]}: ${describe(data)}`, button);
}

function log(kind, sign, text, end = '') {
  const list = byId('log');
  const follows = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  list.querySelector('.empty')?.remove();
  const entry = document.createElement('li');
  entry.className = kind;
  entry.append(time(new Date()), span('arrow', sign), span('body', text), typeof end === 'string' ? span('size', end) : end);
  list.append(entry);
  while (list.children.length > LOG_ENTRIES) list.firstElementChild.remove();
  if (follows) list.scrollTop = list.scrollHeight;
  byId('counts').textContent = words.counts(view.sent, view.received);
}

function clearLog() {
  const entry = document.createElement('li');
  entry.className = 'empty';
  entry.append(span('', ''), span('', ''), span('body', words['log-empty']));
  byId('log').replaceChildren(entry);
}

function span(className, text) {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

function time(date) {
  const element = document.createElement('time');
  const two = (number) => String(number).padStart(2, '0');
  element.dateTime = date.toISOString();
  element.append(`${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`);
  element.append(span('millis', `.${String(date.getMilliseconds()).padStart(3, '0')}`));
  return element;
}

function describe(data) {
  if (typeof data === 'string') {
    return data.length > SHOWN_CHARACTERS ? `${data.slice(0, SHOWN_CHARACTERS)} …` : data;
  }
  const bytes = [...new Uint8Array(data, 0, Math.min(data.byteLength, SHOWN_BYTES))];
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `⟨${hex}${data.byteLength > SHOWN_BYTES ? ' …' : ''}⟩`;
}

function size(data) {
  return typeof data === 'string' ? new TextEncoder().encode(data).byteLength : data.byteLength;
}

function seconds(millis) {
  return (millis / 1000).toFixed(1);
}

// --- the state ----------------------------------------------------------------------------------------------------

function enter(state, note, at = Date.now()) {
  Object.assign(view, { state, note, at });
  render();
}

function render() {
  const { state, note } = view;
  const isCut = state === 'open' && line.isCut;
  byId('state').dataset.state = state;
  byId('state-name').textContent = words.state[state];
  byId('note').textContent = isCut ? words['note-cut'] : note;
  byId('note').dataset.tone = isCut ? 'bad' : '';
  byId('cut').disabled = state !== 'open' || isCut;
  byId('retry').hidden = state !== 'waiting';
  byId('cut').hidden = state === 'waiting';
  byId('toggle').textContent = state === 'closed' ? words.connect : words.close;
  byId('toggle').disabled = state === 'closing';
  document.title = `${{ open: '●', closed: '○' }[state] ?? '◌'} Bowline`;
  tick();
}

/** What changes by the clock alone. */
function tick() {
  const { state, at } = view;
  const millis = state === 'waiting' ? Math.max(0, at - Date.now()) : Date.now() - at;
  byId('state-clock').textContent = state === 'waiting' ? words.countdown(seconds(millis)) : duration(millis);
}

function duration(millis) {
  const whole = Math.floor(millis / 1000);
  const two = (number) => String(number).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  return `${hours ? `${hours}:` : ''}${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

// --- the controls -------------------------------------------------------------------------------------------------

byId('cut').addEventListener('click', () => {
  line.cut();
  chart.beginOutage();
  logNote(words['log-cut'], 'bad');
  render();
});

byId('retry').addEventListener('click', () => link.checkNow());

byId('toggle').addEventListener('click', () => {
  if (view.state === 'closed') {
    connect();
    return;
  }
  link.close(1000);
  enter('closing', words['note-closing']);
});

byId('clear').addEventListener('click', () => {
  clearLog();
  byId('log').focus();
});

byId('name-form').addEventListener('submit', (event) => {
  event.preventDefault();
  reconnectAs(byId('name').value);
});

byId('send-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = byId('text').value;
  const to = byId('to').value.replace(/^@/, '');
  const whole = to ? `@${to} ${text}` : text;
  send(byId('binary').checked ? new TextEncoder().encode(whole).buffer : whole);
  byId('text').value = '';
  byId('text').focus();
});

byId('name').value = view.name;
clearLog();
connect();
setInterval(tick, 100);
setInterval(() => chart.draw(), 500);
chart.draw();
