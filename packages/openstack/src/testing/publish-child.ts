import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { connect, loadCloud, publish } from '../index.ts';

// A run as a process of its own, that a test may measure and kill. Arguments: clouds.yaml, cloud, version, file of the root.
// Prints one line of JSON: whether it changed the cloud, and by how many bytes its memory grew meanwhile.
const [file, cloud, version, root] = process.argv.slice(2) as [string, string, string, string];
const sha512 = createHash('sha512');
const md5 = createHash('md5');
for await (const piece of createReadStream(root) as AsyncIterable<Buffer>) {
  sha512.update(piece);
  md5.update(piece);
}
const { size } = await stat(root);
const part = { name: 'root', size, sha512: sha512.digest('hex'), md5: md5.digest('hex'), path: () => Promise.resolve(root) };
const service = await connect(await loadCloud({ env: { OS_CLIENT_CONFIG_FILE: file }, cwd: '/', home: '/nonexistent', cloud }));
const before = process.memoryUsage.rss();
let peak = before;
const sampling = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 10);
const common = { visibility: 'private', protected: false, tags: [], minDisk: 0, minRam: 0, properties: {} } as const;
const { changed } = await publish(service, { name: 'large', version, root: part, rootFormat: 'raw', common, keep: 1 });
clearInterval(sampling);
process.stdout.write(`${JSON.stringify({ changed, grown: peak - before })}\n`);
