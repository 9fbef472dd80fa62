// Starts a machine, says its process id and stays: the test ends this process with -9 and looks whether the machine goes along.
import { silent } from '@nx-debian-image/report';
import { startMachine } from '../machine.ts';

const [kernel = '', ramdisk = '', consoleLog = ''] = process.argv.slice(2);
const machine = await startMachine({
  architecture: 'amd64',
  accelerator: { name: 'tcg', why: 'test' },
  memory: 256 * 2 ** 20,
  processors: 1,
  disks: [],
  kernel,
  ramdisk,
  consoleLog,
  progress: silent,
});
process.stdout.write(`${machine.pid}\n`);
await machine.ended;
