// The server and the proxy before it: SimulationHost, in a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MODULES = ['codec', 'websocket', 'session', 'realtime', 'testkit', 'verification'];
const CLASS_PATH = MODULES.map((name) => fileURLToPath(new URL(`../../${name}/target/classes`, import.meta.url)));
const MAIN = 'dev.bowline.verification.simulation.SimulationHost';
const JAVA = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';

/** The reason why nothing here can run, or false. Under CI that is a failure, not a reason to skip. */
export const cannotRun = orFail(
  existsSync(join(CLASS_PATH.at(-1), `${MAIN.replaceAll('.', '/')}.class`))
    ? false
    : 'the Java classes are not there: mvn compile -pl verification -am',
);

/** @param {string | false} reason why a test cannot run */
function orFail(reason) {
  if (reason && process.env.CI === 'true') throw new Error(`${reason}; under CI every test must run`);
  return reason;
}

/** @param {(line: string) => void} told each line that it says, from when it is ready */
export async function startHost(told) {
  const child = spawn(JAVA, ['-Xmx512m', '-cp', CLASS_PATH.join(delimiter), MAIN], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const first = once(lines, 'line');
  lines.on('line', (line) => line.startsWith('ready ') || told(line));
  const [ready] = await Promise.race([first, exited.then(([code]) => Promise.reject(new Error(`it ended: ${code}`)))]);
  return {
    url: `ws://127.0.0.1:${ready.split(' ')[1]}/`,
    /** @param {string} line a command */
    say: (line) => child.stdin.writable && child.stdin.write(`${line}\n`),
    async stop() {
      child.stdin.end();
      const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(patience);
    },
  };
}
