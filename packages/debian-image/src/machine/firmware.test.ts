import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { prepareFirmware } from './firmware.ts';

let folder: string;
let sources: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firmware-'));
  sources = [join(folder, 'etc'), join(folder, 'share')];
  for (const source of sources) await mkdir(source);
});
afterEach(() => rm(folder, { recursive: true }));

/** A descriptor of a program whose file has its own name and is there, and of variables of the same name. */
async function describeFirmware(file: string, machines: readonly string[], features: readonly string[], device = 'flash'): Promise<void> {
  const program = join(folder, `${file.replaceAll('/', '-')}.code`);
  const variables = join(folder, `${file.replaceAll('/', '-')}.variables`);
  await writeFile(program, 'code');
  await writeFile(variables, file, { mode: 0o444 });
  const image = (filename: string): object => ({ filename, format: 'raw' });
  const descriptor = {
    'interface-types': ['uefi'],
    mapping: { device, executable: image(program), 'nvram-template': image(variables) },
    targets: [{ architecture: 'x86_64', machines }],
    features,
  };
  await writeFile(join(folder, file), JSON.stringify(descriptor));
}

async function variablesOf(request: Parameters<typeof prepareFirmware>[0]): Promise<string> {
  const firmware = await prepareFirmware(request, folder, sources);
  expect((await stat(firmware!.variables.path)).mode & 0o777).toBe(0o600);
  return `${await readFile(firmware!.variables.path, 'utf8')}${firmware!.managed ? ' managed' : ''}`;
}

it('takes the first firmware that fits the machine, with a copy of its variables', async () => {
  await describeFirmware('share/10-memory.json', ['pc-q35-*'], [], 'memory');
  await describeFirmware('share/20-other.json', ['virt-*'], []);
  await describeFirmware('share/40-keys.json', ['pc-q35-*'], ['enrolled-keys', 'requires-smm', 'secure-boot']);
  await describeFirmware('share/50-no-keys.json', ['pc-q35-*'], ['requires-smm', 'secure-boot']);
  await describeFirmware('share/60-plain.json', ['pc-i440fx-*', 'pc-q35-*'], []);
  await describeFirmware('share/70-later.json', ['pc-q35-*'], []);
  await writeFile(join(folder, 'share/00-broken.json'), '{');
  expect(await variablesOf({ name: 'uefi', architecture: 'amd64' })).toBe('share/60-plain.json');
  expect(await variablesOf({ name: 'uefi', architecture: 'amd64', release: 'jessie' })).toBe('share/60-plain.json');
  expect(await variablesOf({ name: 'uefi-secure', architecture: 'amd64' })).toBe('share/40-keys.json managed');
  await describeFirmware('etc/60-plain.json', ['pc-q35-*'], []);
  expect(await variablesOf({ name: 'uefi', architecture: 'amd64' })).toBe('etc/60-plain.json');
  await rm(join(folder, 'etc-60-plain.json.code'));
  expect(await variablesOf({ name: 'uefi', architecture: 'amd64' })).toBe('share/70-later.json');
});

it('names the package where there is none, and a kind of firmware that the architecture has not', async () => {
  await describeFirmware('share/60-plain.json', ['pc-q35-*'], []);
  const prepare = (name: 'bios' | 'uefi' | 'uefi-secure', architecture: 'amd64' | 'arm64' | 'ppc64el') =>
    prepareFirmware({ name, architecture }, folder, sources);
  await expect(prepare('uefi-secure', 'amd64')).rejects.toMatchObject({
    reason: 'missing-tool',
    message: 'this machine has no UEFI firmware with Secure Boot for amd64 (q35)',
    hint: 'Install the package ovmf.',
  });
  await expect(prepare('uefi', 'arm64')).rejects.toMatchObject({ reason: 'missing-tool', hint: 'Install the package qemu-efi-aarch64.' });
  await expect(prepare('bios', 'arm64')).rejects.toMatchObject({ reason: 'invalid', hint: 'Use --firmware=uefi.' });
  await expect(prepare('uefi', 'ppc64el')).rejects.toMatchObject({ reason: 'invalid', message: 'a machine of ppc64el has no UEFI' });
  expect(await prepare('bios', 'amd64')).toBeUndefined();
});
