// The proof as a command: see scripts/prove.
import { parseArgs } from 'node:util';
import { prove, summary } from './proof.js';

const { values } = parseArgs({ options: { messages: { type: 'string' }, seed: { type: 'string' } } });
const messages = Number(values.messages ?? 100_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
if (!(messages > 0) || !(seed >= 0)) throw new RangeError('--messages and --seed are numbers');
console.log(`${messages} messages, seed ${seed}`);
const verdict = await prove({ messages, seed, say: console.log });
console.log(summary(verdict));
process.exitCode = verdict.faults.length === 0 ? 0 : 1;
