// Plays courses of events for as long as one likes: node main.js [--minutes N] [--seed S]
import { parseArgs } from 'node:util';
import { cannotRun } from './host.js';
import { simulate } from './simulation.js';

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
if (cannotRun) throw new Error(cannotRun);
const end = Date.now() + Number(values.minutes ?? 10) * 60_000;
let seed = Number(values.seed ?? Date.now() % 1_000_000_000);
do {
  try {
    const { sessions, losses } = await simulate({ seed, millis: 20_000, restarts: seed % 3 === 0 });
    console.log(`seed ${seed}: ${sessions} sessions, ${losses} lost and told`);
  } catch (error) {
    console.log(error.message);
    process.exitCode = 1;
  }
  seed++;
} while (values.seed === undefined && Date.now() < end);
