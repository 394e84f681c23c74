// How a server talks with whoever measures it, by lines on stdin and stdout.
import { createInterface } from "node:readline";

/**
 * Tells the port, and obeys until stdin ends; then the process ends.
 * @param {number} port
 * @param {() => void} collect runs a full garbage collection
 */
export function serve(port, collect) {
  console.log(`listening ${port}`);
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    if (line === "memory") {
      collect();
      const { heapUsed, external } = process.memoryUsage();
      console.log(`memory heap=${heapUsed} direct=${external}`);
    } else if (line === "allocated") {
      console.log("allocated -1");
    } else {
      console.log(`unknown command ${line}`);
    }
  });
  lines.on("close", () => process.exit(0));
}
