// A publisher as a process of its own: `worker.ts <task> <catalog> <image> <folder of files>`.
import { silent } from '@nx-debian-image/report';
import { publish } from '../publish.ts';
import { nextVersion } from '../version.ts';
import { versionNames } from '../versions.ts';
import { product, triplet } from './samples.ts';

const [task, catalog = '', image = '', files = ''] = process.argv.slice(2);

async function publishRound(round: string, stuck = false): Promise<void> {
  const version = nextVersion(await versionNames(catalog, image), '20261122');
  const items = await triplet(files, `${image}-${round}`);
  if (stuck) {
    items[1] = {
      ...items[1]!,
      blobPath() {
        console.log('copying');
        // Never ends by itself.
        return new Promise(() => void setInterval(() => {}, 1000));
      },
    };
  }
  await publish({ catalog, keep: 2, product: product(image), version, items, progress: silent });
}

const tasks: Record<string, () => Promise<void>> = {
  async several() {
    for (let round = 0; round < 5; round += 1) await publishRound(String(round));
  },
  async stuck() {
    await publishRound('stuck', true);
  },
  async endless() {
    for (let round = 0; ; round += 1) {
      await publishRound(String(round));
      console.log('published');
    }
  },
};

await tasks[task ?? '']!();
