import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startGlance, startKeystone } from './servers.ts';

// Starts both servers and keeps them until Ctrl-C. Usage: start.ts FOLDER [--no-keystone]
// Needs the Debian packages python3-glance and python3-keystone (apt-get install --no-install-recommends).
const [folder, option] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: start.ts FOLDER [--no-keystone]\n');
  process.exit(2);
}
const at = async (name: string): Promise<string> => {
  const path = join(resolve(folder), name);
  await mkdir(path, { recursive: true });
  return path;
};
const keystone = option === '--no-keystone' ? undefined : await startKeystone({ folder: await at('keystone') });
const glance = await startGlance({ folder: await at('glance'), ...(keystone ? { keystone } : {}) });
process.stdout.write(`Glance:   ${glance.url}\nKeystone: ${keystone?.url ?? 'none'}\nexport OS_CLIENT_CONFIG_FILE=${glance.cloudsYaml}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void Promise.all([glance.stop(), keystone?.stop()]).then(() => process.exit(0)));
}
