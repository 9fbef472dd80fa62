import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, run } from '../../../host/index.ts';

export interface TestPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: 'amd64' | 'all';
  /** Further fields of its control file, such as `Depends: library`, each with its line end. */
  readonly fields?: string;
  /** Seconds since 1970: the time of its files. */
  readonly time: number;
  /** Bytes of the one file in it. */
  readonly size?: number;
}

/** For tests: builds a package, and gives its control file. */
export async function makeDeb({ name, version, architecture, fields = '', time, size = 100 }: TestPackage, path: string): Promise<string> {
  const control = `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\nMaintainer: Test <test@example.org>\n${fields}Description: ${name}\n`;
  const folder = await mkdtemp(join(tmpdir(), 'deb-'));
  try {
    await mkdir(join(folder, 'DEBIAN'));
    await mkdir(join(folder, 'usr/share', name), { recursive: true });
    await writeFile(join(folder, 'DEBIAN/control'), control);
    await writeFile(join(folder, 'usr/share', name, 'file'), Buffer.alloc(size, name));
    const touch = command('find', [folder, '-exec', 'touch', '-d', `@${time}`, '{}', '+']);
    await run(touch, { doing: 'setting times' });
    const build = command('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', folder, path], {
      env: { SOURCE_DATE_EPOCH: String(time) },
    });
    await run(build, { doing: `building ${name}` });
  } finally {
    await rm(folder, { recursive: true });
  }
  return control;
}
