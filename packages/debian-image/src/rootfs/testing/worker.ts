// Builds of a process of its own, to be killed: `worker.ts <root|plain> <tar> <scratch on disk> <scratch of a build in memory>`. Says its pid first.
import { createReadStream, createWriteStream } from 'node:fs';
import { run } from '../../host/index.ts';
import { planChange } from '../change.ts';

const [who, tar = '', onDisk = '', inMemory = ''] = process.argv.slice(2);

async function build(scratch: string, memoryBytes: number | undefined): Promise<void> {
  const namespace = { root: who === 'root', memoryBytes, scratch, hostname: 'inside' };
  await run(planChange({ namespace, script: 'script.sh', epoch: 0 }), {
    doing: 'changing a tree',
    input: createReadStream(tar),
    output: createWriteStream('/dev/null'),
    onLine: (line) => console.log(line),
  });
}

console.log(process.pid);
await Promise.all([build(onDisk, undefined), build(inMemory, 64 << 20)]);
