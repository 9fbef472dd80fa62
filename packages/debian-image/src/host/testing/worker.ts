// Runs of a process of its own, to be killed: `worker.ts <commands as JSON>`. Says its pid, then what the programs say.
import type { Command } from '../command.ts';
import { run } from '../run.ts';

console.log(process.pid);
const commands = JSON.parse(process.argv[2] ?? '[]') as Command[];
await Promise.all(commands.map((command) => run(command, { doing: 'working', onLine: (line) => console.log(line) })));
