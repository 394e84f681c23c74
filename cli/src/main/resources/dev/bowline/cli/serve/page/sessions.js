import { connect } from '/session.js';

const ROOM = 'demo.room';
const TYPING = 'demo.typing';
const COUNT_MILLIS = 100;
const TYPING_MILLIS = 2_000;
const LOG_ENTRIES = 500;

// --- words --------------------------------------------------------------------------------------------------------

const WORDS = {
  en: {
    state: { connecting: 'Connecting', greeting: 'Greeting', open: 'Open', waiting: 'Waiting', ended: 'Ended' },
    'note-open': (id) => `Session ${id.slice(0, 12)}… What is lost on the way is sent again, from either side.`,
    'note-cut': 'The line is dead, and nobody has told. The session will notice, and go on.',
    'note-waiting': 'The link is down; the session waits on the server. What you send waits here.',
    'note-ended': (code, reason) => `Ended: ${code} ${reason}`,
    new: 'a new session',
    'new-again': (reason) => `a new session (${reason}); subscriptions go on from where they were`,
    resumed: 'resumed: nothing lost, nothing doubled',
    cut: 'You cut the line.',
    gap: (topic, from, to) => `${topic}: ${from} to ${to} will not come`,
    reset: (topic) => `${topic}: the server has lost its log, it begins anew`,
    joined: (user) => `${user} is here`,
    left: (user) => `${user} has left`,
    typing: (user) => `${user} is typing …`,
    to: (user) => `to ${user}`,
    nobody: 'nobody with a name',
    failed: (what) => `not delivered: ${what}`,
    told: (number) => `${number} went with the server's memory, and this page was told so.`,
  },
  zh: {
    plain: '普通 WebSocket',
    sessions: '会话',
    session: '会话',
    cut: '掐断网线',
    retry: '立即检查',
    counting: '计数，每秒 10 个',
    sent: '发送',
    received: '接收',
    lost: '丢失',
    doubled: '重复',
    'count-hint': '本页发布数字，再由订阅收回。掐断网线、关闭网络、杀掉服务器再启动：丢失与重复始终为 0。仅存于内存而随服务器消失的，会如实告知。',
    you: '你',
    name: '你的名字',
    use: '使用',
    here: '在线：',
    room: '房间',
    words: '流式文字',
    to: '发给用户',
    'to-hint': '@用户（空为所有人）',
    text: '消息内容',
    send: '发送',
    state: { connecting: '连接中', greeting: '问候中', open: '已连接', waiting: '等待重连', ended: '已结束' },
    'note-open': (id) => `会话 ${id.slice(0, 12)}… 途中丢失的，双方都会补发。`,
    'note-cut': '线路已断，但没有人通知。会话会发现，然后继续。',
    'note-waiting': '连接已断，会话在服务器上等候；你发送的内容在此排队。',
    'note-ended': (code, reason) => `已结束：${code} ${reason}`,
    new: '新会话',
    'new-again': (reason) => `新会话（${reason}）；订阅从原处继续`,
    resumed: '已恢复：无丢失，无重复',
    'log-cut': '你掐断了网线。',
    gap: (topic, from, to) => `${topic}：${from} 至 ${to} 不会再来`,
    reset: (topic) => `${topic}：服务器丢失了日志，从头开始`,
    joined: (user) => `${user} 来了`,
    left: (user) => `${user} 离开了`,
    typing: (user) => `${user} 正在输入……`,
    'sent-to': (user) => `发给 ${user}`,
    nobody: '没有具名用户',
    failed: (what) => `未送达：${what}`,
    told: (number) => `${number} 个随服务器内存消失，本页已被告知。`,
  },
};
WORDS.en['log-cut'] = WORDS.en.cut;
WORDS.en['sent-to'] = WORDS.en.to;

const language = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in WORDS) ?? 'en';
const words = WORDS[language];
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
if (language !== 'en') { // English stands in the page already
  for (const element of document.querySelectorAll('[data-t], [data-t-placeholder]')) {
    const { t, tPlaceholder } = element.dataset;
    if (t in words) element.textContent = words[t];
    if (tPlaceholder in words) element.placeholder = words[tPlaceholder];
  }
}

const byId = (id) => document.getElementById(id);

// --- the session --------------------------------------------------------------------------------------------------

/** A `WebSocket` over a line that can be cut: then nothing comes through either way, and nothing tells. */
class CuttableWebSocket extends WebSocket {
  isCut = false;

  constructor(...parameters) {
    super(...parameters);
    line = this;
  }

  send(data) {
    if (!this.isCut) super.send(data);
  }

  set onmessage(handler) {
    super.onmessage = (event) => this.isCut || handler(event);
  }

  set onclose(handler) {
    super.onclose = (event) => this.isCut || handler(event);
  }
}

/** @type {CuttableWebSocket | undefined} */
let line;
let session;
let since = Date.now();
let user = new URLSearchParams(location.search).get('user') ?? '';

/**
 * Numbers that this page publishes and gets back: the page, not the session, counts. Lost is what was sent before another one
 * that came, has not come, and nobody has said so.
 */
const count = {
  topic: '',
  sent: 0,
  seen: new Set(),
  pending: new Set(),
  told: new Set(),
  highest: 0,
  doubled: 0,

  begin() {
    const fresh = () => new Set();
    Object.assign(this, { topic: `demo.count.${crypto.randomUUID()}`, sent: 0, highest: 0, doubled: 0 });
    Object.assign(this, { seen: fresh(), pending: fresh(), told: fresh() });
    this.show();
  },

  send() {
    const number = (this.sent += 1);
    const { topic, pending, told } = this;
    pending.add(number);
    session.publish(topic, String(number)).catch(() => told.add(number)).finally(() => pending.delete(number));
    this.show();
  },

  receive(text) {
    const number = Number(text);
    if (this.seen.has(number)) this.doubled += 1;
    this.seen.add(number);
    this.highest = Math.max(this.highest, number);
    this.show();
  },

  /** The server has lost the log: what was in it and has not come is known to be lost. */
  reset() {
    for (let number = 1; number <= this.sent; number++) {
      if (!this.seen.has(number) && !this.pending.has(number)) this.told.add(number);
    }
  },

  show() {
    let lost = 0;
    for (let number = 1; number <= this.highest; number++) {
      if (!this.seen.has(number) && !this.told.has(number) && !this.pending.has(number)) lost += 1;
    }
    const missing = [...this.told].filter((number) => !this.seen.has(number)).length;
    for (const [id, value] of Object.entries({ sent: this.sent, received: this.seen.size, lost, doubled: this.doubled })) {
      byId(id).textContent = String(value);
      byId(id).classList.toggle('bad', (id === 'lost' || id === 'doubled') && value > 0);
    }
    byId('told').textContent = missing === 0 ? '' : words.told(missing);
  },
};

const present = new Set();

function begin() {
  count.begin();
  const token = user ? encodeURIComponent(user) : undefined;
  const current = connect(`${location.protocol.replace('http', 'ws')}//${location.host}/`, {
    agent: 'demo-page',
    WebSocket: CuttableWebSocket,
    ...(token ? { auth: token } : {}),
  });
  session = current;
  const on = (type, handle) => current.addEventListener(type, (event) => session === current && handle(event));
  on('state', () => {
    since = Date.now();
    render();
  });
  on('welcome', ({ resumed, reason }) => {
    render();
    log('note-line good', '·', resumed ? words.resumed : reason ? words['new-again'](reason) : words.new);
  });
  on('gap', ({ topic, from, to }) => log('note-line bad', '·', words.gap(topic, from, to)));
  on('reset', ({ topic }) => {
    if (topic === count.topic) count.reset();
    log('note-line bad', '·', words.reset(topic));
  });
  on('end', ({ code, reason }) => {
    byId('note').textContent = words['note-ended'](code, reason);
  });
  on('here', ({ topic, users }) => topic === ROOM && showPresent(present.clear() ?? users.forEach((one) => present.add(one))));
  on('join', ({ topic, user: one }) => {
    if (topic !== ROOM) return;
    showPresent(present.add(one));
    log('note-line', '·', words.joined(decodeURIComponent(one)));
  });
  on('leave', ({ topic, user: one }) => {
    if (topic !== ROOM) return;
    showPresent(present.delete(one));
    log('note-line', '·', words.left(decodeURIComponent(one)));
  });
  current.subscribe(count.topic, ({ data }) => session === current && count.receive(data));
  current.subscribe(ROOM, { last: 20, presence: true }, ({ data }) => {
    const [from, ...text] = data.split('\n');
    log('received', '↓', `${from}: ${text.join('\n')}`);
  });
  current.subscribe(TYPING, ({ data }) => data !== user && showTyping(data));
  if (token) {
    current.subscribe('$mailbox', { last: 20 }, ({ data, offset }) => {
      const [from, ...text] = data.split('\n');
      log('received', '✉', `${decodeURIComponent(from)}: ${text.join('\n')}`);
      current.read(offset).catch(() => {}); // a later one tells as much
    });
  }
  render();
}

function showPresent() {
  byId('present').textContent = [...present].map(decodeURIComponent).join(', ') || words.nobody;
}

let typingEnds;
function showTyping(name) {
  byId('typing').textContent = words.typing(name);
  clearTimeout(typingEnds);
  typingEnds = setTimeout(() => (byId('typing').textContent = ''), TYPING_MILLIS);
}

async function streamWords() {
  const shown = byId('stream');
  byId('words').disabled = true;
  shown.hidden = false;
  shown.className = '';
  shown.textContent = '';
  try {
    for await (const word of session.stream('demo.words', '', { credit: 8 })) shown.textContent += word;
    shown.className = 'whole';
  } catch (error) {
    shown.textContent += ` ${words.failed(error.message)}`;
  }
  byId('words').disabled = false;
}

// --- the log ------------------------------------------------------------------------------------------------------

function log(kind, sign, text) {
  const list = byId('log');
  const follows = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const entry = document.createElement('li');
  entry.className = kind;
  const at = document.createElement('time');
  at.textContent = new Date().toLocaleTimeString('en-GB');
  entry.append(at, span('arrow', sign), span('body', text));
  list.append(entry);
  while (list.children.length > LOG_ENTRIES) list.firstElementChild.remove();
  if (follows) list.scrollTop = list.scrollHeight;
}

function span(className, text) {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

// --- the state ----------------------------------------------------------------------------------------------------

function render() {
  const isCut = line?.isCut && session.state === 'open';
  byId('state').dataset.state = session.state === 'ended' ? 'closed' : session.state === 'greeting' ? 'connecting' : session.state;
  byId('state-name').textContent = words.state[session.state];
  byId('cut').disabled = session.state !== 'open' || isCut;
  byId('note').dataset.tone = isCut ? 'bad' : '';
  if (isCut) byId('note').textContent = words['note-cut'];
  else if (session.state === 'open' && session.id) byId('note').textContent = words['note-open'](session.id);
  else if (session.state === 'waiting') byId('note').textContent = words['note-waiting'];
  document.title = `${{ open: '●', ended: '○' }[session.state] ?? '◌'} Bowline sessions`;
}

setInterval(() => {
  const whole = Math.floor((Date.now() - since) / 1000);
  byId('state-clock').textContent = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}, 250);

// --- the controls -------------------------------------------------------------------------------------------------

byId('cut').addEventListener('click', () => {
  line.isCut = true;
  log('note-line bad', '·', words['log-cut']);
  render();
});

byId('retry').addEventListener('click', () => session.checkNow());
byId('words').addEventListener('click', streamWords);

byId('name-form').addEventListener('submit', (event) => {
  event.preventDefault();
  user = byId('name').value.trim();
  const old = session;
  begin();
  old.bye();
});

byId('text').addEventListener('input', () => {
  if (user && session.state === 'open') session.publish(TYPING, user).catch(() => {}); // nobody misses it
});

byId('send-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = byId('text').value;
  const to = byId('to').value.trim().replace(/^@/, '');
  byId('text').value = '';
  byId('text').focus();
  if (to) log('sent', '✉', `${words['sent-to'](to)}: ${text}`);
  const done = to
    ? session.request('demo.tell', `${encodeURIComponent(to)}\n${text}`)
    : session.publish(ROOM, `${user || '–'}\n${text}`);
  done.catch((error) => log('warn', '!', `${words.failed(error.message)}: ${text}`));
});

byId('name').value = user;
begin();
setInterval(() => count.send(), COUNT_MILLIS);
