import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runStage } from '../../../packages/debian-image/src/index.ts';
import { openstack } from '../../../packages/openstack/src/testing/openstack-client.ts';
import type { ProofOptions } from '../build.ts';
import { startGlance, startKeystone } from '../../openstack/servers.ts';

/**
 * Publishes the triplet of a built image in a real Glance that asks a real Keystone, both ended afterwards, and takes it out again with
 * OpenStack's own client. Gives a folder in `scratch` with what a cloud would start: `vmlinuz`, `initrd`, `root.ext4`.
 */
export async function throughGlance(options: ProofOptions & { readonly scratch: string }): Promise<string> {
  const { workspace, image, progress, signal, scratch } = options;
  const folder = join(scratch, `${image}-cloud`);
  await rm(folder, { recursive: true, force: true });
  for (const name of ['keystone', 'glance', 'saved']) await mkdir(join(folder, name), { recursive: true });
  progress.step(`${image}: upload to a real Glance`);
  const keystone = await startKeystone({ folder: join(folder, 'keystone') });
  try {
    const glance = await startGlance({ folder: join(folder, 'glance'), keystone });
    try {
      await runStage('upload', {
        workspaceRoot: workspace,
        projectRoot: `images/${image}`,
        neighbours: { image: new Map<string, string>(), profile: new Map<string, string>() },
        options: { to: 'glance', osCloud: 'demo' },
        progress,
        signal,
        environment: { ...process.env, OS_CLIENT_CONFIG_FILE: keystone.cloudsYaml },
      });
      return await takeOut(image, join(folder, 'saved'), keystone.cloudsYaml);
    } finally {
      await glance.stop();
    }
  } finally {
    await keystone.stop();
  }
}

async function takeOut(image: string, folder: string, cloudsYaml: string): Promise<string> {
  const ask = (...args: string[]): Promise<unknown> => openstack(cloudsYaml, 'demo', 'image', ...args);
  const { id, properties } = (await ask('show', image, '-f', 'json')) as { id: string; properties: Record<string, string> };
  const parts = { vmlinuz: properties['kernel_id']!, initrd: properties['ramdisk_id']!, 'root.ext4': id };
  for (const [name, part] of Object.entries(parts)) await ask('save', '--file', join(folder, name), part);
  return folder;
}
