// What can happen to a tab and to its network. Each ends with all as it should be.
import { until } from '../support.js';

/**
 * What a fault may use: `order` speaks to the tab's proxy (ProofMain.java), `pause(least, most)` waits,
 * `between(least, most)` is a random number, `way()` a random direction, `debug` the tab's debugger, and
 * `appearances()` says how often a page has begun in the tab.
 */
export const NETWORK = {
  'a clean end': ({ order }) => order('close'),
  'a reset': ({ order }) => order('reset'),
  'an end within a message': ({ order, way, between }) => order(`cut ${way()} close ${between(1, 4_000)}`),
  'a reset within a message': ({ order, way, between }) => order(`cut ${way()} reset ${between(1, 4_000)}`),
  'a black hole': (tools) => blackHole(tools, 'BOTH'),
  'a black hole to the server': (tools) => blackHole(tools, 'TO_SERVER'),
  'a black hole to the page': (tools) => blackHole(tools, 'TO_CLIENT'),
  'a standstill': (tools) => bytes(tools, 'BOTH', 'stall'),
  'a delay': (tools) => bytes(tools, 'BOTH', `delay ${tools.between(10, 300)}`),
  'byte by byte': (tools) => bytes(tools, tools.way(), 'single'),
  'a narrow line': (tools) => bytes(tools, 'BOTH', `throttle ${tools.between(10_000, 100_000)}`),
  'connections refused': (tools) => closedDoor(tools, 'REFUSED'),
  'connections reset': (tools) => closedDoor(tools, 'RESET'),
  'connections unanswered': (tools) => closedDoor(tools, 'SILENT'),
};

export const PAGE = {
  'the network switched off': async ({ debug, pause }) => {
    const conditions = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await debug.send('Network.emulateNetworkConditions', { ...conditions, offline: true });
    await pause(200, 3_000);
    await debug.send('Network.emulateNetworkConditions', { ...conditions, offline: false });
  },
  'the page frozen': async ({ debug, pause }) => {
    await debug.send('Page.setWebLifecycleState', { state: 'frozen' });
    await pause(200, 3_000);
    await debug.send('Page.setWebLifecycleState', { state: 'active' });
  },
  'the page reloaded': (tools) => appearsAgain(tools, () => tools.debug.send('Page.reload')),
  'another page, and back': async (tools) => {
    const { debug, pause } = tools;
    const { currentIndex, entries } = await debug.send('Page.getNavigationHistory');
    const { id, url } = entries[currentIndex];
    await debug.send('Page.navigate', { url: new URL('elsewhere', url).href });
    await pause(50, 1_000);
    await appearsAgain(tools, () => onceAttached(() => debug.send('Page.navigateToHistoryEntry', { entryId: id })));
  },
};

/** While one page follows another there is a moment in which the debugger has neither: then it is asked again. */
async function onceAttached(action) {
  const isDone = (error) => {
    if (!error) return true;
    if (error.message.includes('Not attached to an active page')) return false;
    throw error;
  };
  await until(() => action().then(() => isDone(), isDone), 'a page that the debugger has');
}

/** What leaves a page before it has begun may never be heard of again: so the debugger has it. */
async function appearsAgain({ appearances }, action) {
  const before = appearances();
  await action();
  await until(() => appearances() > before, 'the page, begun');
}

async function bytes({ order, pause }, way, fault) {
  order(`bytes ${way} ${fault}`);
  await pause(200, 2_500);
  order(`bytes ${way} none`);
}

async function blackHole({ order, pause }, way) {
  order(`bytes ${way} hole`);
  await pause(200, 4_000);
  // A line that has swallowed bytes may not come to life again: no network does that to TCP.
  order('admit RESET');
  order('reset');
  order(`bytes ${way} none`);
  order('admit OPEN');
}

async function closedDoor({ order, pause }, admission) {
  order(`admit ${admission}`);
  order('reset');
  await pause(200, 2_000);
  order('admit OPEN');
}
