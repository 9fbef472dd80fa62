import { readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createProgress, describe, Failure } from '../../packages/report/src/index.ts';
import { describeMachine } from '../bench/machine.ts';
import { updatePage } from '../bench/page.ts';
import { build } from './build.ts';
import { boot } from './boot.ts';
import { buildByInstaller, isInstalled } from './installer/build.ts';
import { readRows, renderProof, type Row } from './table.ts';

const workspace = join(import.meta.dirname, '../..');
const page = join(workspace, 'docs/proof.md');
const images = readdirSync(join(workspace, 'images')).filter((name) => name !== 'profiles');
const usage = `npm run proof -- [--patience N] [--libvirt] IMAGE...

Builds images and starts each as Nova would, one after another, and writes what came of it into docs/proof.md.
  --patience N  how many times longer than usual a machine may take (3)
  --libvirt     let debian-installer run on a libvirt host, which is started for it
  IMAGE         some of: ${images.join(', ')}`;

const { values, positionals } = parseArgs({
  options: { patience: { type: 'string', default: '3' }, libvirt: { type: 'boolean', default: false }, help: { type: 'boolean' } },
  allowPositionals: true,
});
const patience = Number(values.patience);
const unknown = positionals.filter((name) => !images.includes(name));
if (values.help || !(patience >= 1) || positionals.length === 0 || unknown.length > 0) {
  console.log(unknown.length > 0 ? `There is no ${unknown.join(', ')}.\n\n${usage}` : usage);
  process.exit(values.help ? 0 : 2);
}

const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
const { signal } = controller;
const progress = createProgress(process.stdout);
try {
  for (const image of positionals) {
    const row = await prove(image);
    await updatePage(page, renderProof([...(await readRows(page)), row], await describeMachine()));
    if (!row.ok) process.exitCode = 1;
  }
} catch (error) {
  console.error(describe(error));
  process.exitCode = 1;
}

/** Builds and boots an image. A guest that fails is a row that says so; what this machine lacks is thrown. */
async function prove(image: string): Promise<Row> {
  const scratch = join(workspace, 'tmp/proof');
  await mkdir(scratch, { recursive: true });
  const options = { workspace, image, progress, signal };
  const installed = await isInstalled(options);
  const { libvirt } = values;
  if (libvirt && !installed)
    throw new Failure('invalid', `${image} is not made by debian-installer`, { hint: 'Leave --libvirt out for it.' });
  const built = installed ? await buildByInstaller({ ...options, scratch, libvirt }) : { row: await build(options), workspace };
  return {
    image: libvirt ? `${image}@libvirt` : image,
    date: new Date().toISOString().slice(0, 10),
    ...built.row,
    ...(await boot({ ...options, ...built, patience })),
  };
}
