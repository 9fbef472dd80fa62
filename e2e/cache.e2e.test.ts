import { appendFile, chmod, cp, mkdir, mkdtemp, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './support/command.ts';
import { nx, nxEnvironment } from './support/nx.ts';
import { copyRepository, repository } from './support/repository.ts';

// What runs again after which change, asked of Nx itself in a copy of this repository whose stages only note that they ran.

const all = ['install', 'configure', 'convert', 'shrink', 'extract'];
const from = (stage: string): string[] => all.slice(all.indexOf(stage));

const image = {
  release: 'bookworm',
  packages: ['vim'],
  files: [{ source: 'files', target: '/' }],
  scripts: ['scripts/motd.sh'],
  disk: { table: 'gpt', slack: '16MiB' },
  upload: { catalog: { keep: 2 } },
};

let folder: string;
let workspace: string;
const path = (name: string): string => join(workspace, name);
const web = (name: string): string => join(workspace, 'images/web', name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cache-'));
  workspace = join(folder, 'workspace');
  await copyRepository(workspace);
  await rm(path('images'), { recursive: true, force: true });
  await cp(join(repository, 'e2e/fixtures/execute.ts'), path('packages/nx-debian-image/src/executors/execute.ts'));
  await mkdir(web('files/etc'), { recursive: true });
  await mkdir(web('scripts'));
  await writeImage(image);
  await writeFile(web('files/etc/motd'), 'welcome\n');
  await writeFile(web('scripts/motd.sh'), '#!/bin/sh\n', { mode: 0o755 });
  await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: workspace });
  await stagesThatRun();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function writeImage(content: unknown): Promise<void> {
  await writeFile(web('image.json'), JSON.stringify(content));
}

/** Asks for an upload and gives the stages that ran before it; upload itself runs each time. */
async function stagesThatRun(env: Record<string, string> = {}): Promise<string[]> {
  const stages = await ranFor('upload', env);
  if (stages.pop() !== 'upload') throw new Error('upload did not run last');
  return stages;
}

/** Asks for a target and gives the stages that ran. */
async function ranFor(target: string, env: Record<string, string> = {}): Promise<string[]> {
  const ran = join(folder, 'ran');
  await writeFile(ran, '');
  await nx(workspace, ['run', `web:${target}`], { ...nxEnvironment(join(folder, 'nx')), RAN: ran, ...env });
  const lines = (await readFile(ran, 'utf8')).trim().split('\n');
  return lines.filter((line) => line !== '').map((line) => line.replace('web:', ''));
}

describe('nothing runs again', () => {
  it('when nothing changed, or only times', async () => {
    expect(await stagesThatRun()).toEqual([]);
    for (const file of [web('image.json'), web('scripts/motd.sh'), web('files/etc/motd')]) await utimes(file, 0, 0);
    expect(await stagesThatRun()).toEqual([]);
  });

  it('when the checkout moves', async () => {
    const before = workspace;
    workspace = join(folder, 'another place');
    await rename(before, workspace);
    expect(await stagesThatRun()).toEqual([]);
  });

  it('when image.json is only written otherwise, or says otherwise where it is published', async () => {
    await writeFile(web('image.json'), JSON.stringify(Object.fromEntries(Object.entries(image).toReversed()), null, 4));
    expect(await stagesThatRun()).toEqual([]);
    await writeImage({ ...image, description: 'Web servers', upload: { catalog: { keep: 5 } } });
    expect(await stagesThatRun()).toEqual([]);
    await writeImage(image);
  });

  it('when a file changes that the image does not name, or bits of a mode that come from a umask', async () => {
    await writeFile(web('README.md'), 'about this image\n');
    await chmod(web('files/etc/motd'), 0o600);
    await chmod(web('scripts/motd.sh'), 0o775);
    expect(await stagesThatRun()).toEqual([]);
  });

  it('when another image comes, even a broken one', async () => {
    await mkdir(path('images/broken'));
    await writeFile(path('images/broken/image.json'), '{ "release": ');
    expect(await stagesThatRun()).toEqual([]);
    await rm(path('images/broken'), { recursive: true });
  });

  it('when a test of the plugin changes', async () => {
    await appendFile(path('packages/nx-debian-image/src/plugin.test.ts'), '// edited\n');
    await writeFile(path('packages/debian-image/src/stages/install/new.test.ts'), '// new\n');
    expect(await stagesThatRun()).toEqual([]);
  });
});

describe('the right stages run again', () => {
  it('after an edit of image.json', async () => {
    await writeImage({ ...image, packages: ['vim', 'curl'] });
    expect(await stagesThatRun()).toEqual(all);
    await writeImage({ ...image, hostname: 'web' });
    expect(await stagesThatRun()).toEqual(from('configure'));
    await writeImage({ ...image, disk: { ...image.disk, table: 'mbr' } });
    expect(await stagesThatRun()).toEqual(from('convert'));
    await writeImage(image);
    expect(await stagesThatRun()).toEqual([]);
  });

  it('after a change of the lock', async () => {
    for (const content of ['{ "version": 1 }', '{ "version": 2 }']) {
      await writeFile(web('image.lock.json'), content);
      expect(await stagesThatRun()).toEqual(all);
    }
    await rm(web('image.lock.json'));
    expect(await stagesThatRun()).toEqual([]);
  });

  it('after an edit of a script or a file', async () => {
    await appendFile(web('scripts/motd.sh'), 'echo welcome > /etc/motd\n');
    expect(await stagesThatRun()).toEqual(from('configure'));
    await writeFile(web('files/etc/motd'), 'hello\n');
    expect(await stagesThatRun()).toEqual(from('configure'));
  });

  it("after a change of a file's execute bit, or of where a link points", async () => {
    await chmod(web('files/etc/motd'), 0o755);
    expect(await stagesThatRun()).toEqual(from('configure'));
    await symlink('/etc/hosts', web('files/etc/link'));
    expect(await stagesThatRun()).toEqual(from('configure'));
    await rm(web('files/etc/link'));
    await symlink('/etc/hostname', web('files/etc/link'));
    expect(await stagesThatRun()).toEqual(from('configure'));
  });

  it('after an edit of a file that git ignores', async () => {
    await writeFile(web('.gitignore'), 'secret\n');
    await writeFile(web('files/etc/secret'), 'one');
    expect(await stagesThatRun()).toEqual(from('configure'));
    await writeFile(web('files/etc/secret'), 'two');
    expect(await stagesThatRun()).toEqual(from('configure'));
  });

  it("after an edit of the plugin's own source: what all stages run, one stage's room, one stage's executor", async () => {
    await appendFile(path('packages/debian-image/src/host/run.ts'), '// edited\n');
    expect(await stagesThatRun()).toEqual(all);
    await appendFile(path('packages/debian-image/src/stages/shrink/run.ts'), '// edited\n');
    expect(await stagesThatRun()).toEqual(from('shrink'));
    await appendFile(path('packages/nx-debian-image/src/executors/convert.ts'), '// edited\n');
    expect(await stagesThatRun()).toEqual(from('convert'));
    await appendFile(path('packages/openstack/src/index.ts'), '// edited\n');
    expect(await stagesThatRun()).toEqual([]);
  });

  it('verify after another extract, an edit of its own words and code, and after nothing else; upload waits for it only where that is wished', async () => {
    await stagesThatRun();
    expect(await ranFor('verify')).toEqual(['verify']);
    expect(await ranFor('verify')).toEqual([]);
    await writeImage({ ...image, verify: { commands: [{ name: 'it runs', command: 'true' }] } });
    expect(await ranFor('verify')).toEqual(['verify']);
    await appendFile(path('packages/debian-image/src/stages/verify/run.ts'), '// edited\n');
    await appendFile(path('packages/debian-image/src/pipeline/verify/verify.ts'), '// edited\n');
    expect(await stagesThatRun()).toEqual([]);
    await writeImage({ ...image, verify: { beforeUpload: true } });
    expect(await stagesThatRun()).toEqual(['verify']);
    await appendFile(web('scripts/motd.sh'), '# verified\n');
    expect(await stagesThatRun()).toEqual([...from('configure'), 'verify']);
    await writeImage(image);
    expect(await stagesThatRun()).toEqual([]);
  });

  it('and no more of them once one leaves the same bytes as before', async () => {
    await appendFile(web('scripts/motd.sh'), '# one\n');
    expect(await stagesThatRun({ SAME_BYTES: 'configure' })).toEqual(from('configure'));
    await appendFile(web('scripts/motd.sh'), '# two\n');
    expect(await stagesThatRun({ SAME_BYTES: 'configure' })).toEqual(['configure']);
  });
});

/** What explain says would run, and of what it says that an earlier stage decides; without upload, and verify, which it does not ask for. */
async function explained(): Promise<{ changes: string[]; would: string[]; waits: string[] }> {
  const said = await nx(workspace, ['run', 'web:explain', '--json'], nxEnvironment(join(folder, 'nx')));
  const stages: { stage: string; state: string; changes: { kind: string; name: string }[] }[] = JSON.parse(
    said.slice(said.indexOf('\n[') + 1, said.lastIndexOf('\n]') + 2),
  );
  const built = stages.filter(({ stage }) => all.includes(stage));
  const named = (...states: string[]): string[] => built.filter(({ state }) => states.includes(state)).map(({ stage }) => stage);
  return {
    changes: built.flatMap(({ stage, changes }) => changes.map(({ kind, name }) => `${stage}: ${kind} ${name}`)),
    would: named('would-run', 'never-ran'),
    waits: named('waits'),
  };
}

describe('explain says before what Nx then runs', () => {
  const cases: readonly [string, () => Promise<void>, { changes: string[]; would: string[]; waits: string[] }][] = [
    ['nothing changed', async () => {}, { changes: [], would: [], waits: [] }],
    [
      'a package more',
      () => writeImage({ ...image, packages: ['vim', 'less'] }),
      {
        changes: ['install: field images/web/image.json: packages', 'configure: field images/web/image.json: packages'],
        would: ['install', 'configure'],
        waits: from('convert'),
      },
    ],
    [
      'a script and a link',
      async () => {
        await appendFile(web('scripts/motd.sh'), '# explained\n');
        await symlink('/etc/nowhere', web('files/etc/another'));
      },
      {
        changes: ['configure: file images/web/scripts/motd.sh', 'configure: unhashed images/web'],
        would: ['configure'],
        waits: from('convert'),
      },
    ],
    [
      "one stage's room of the plugin",
      () => appendFile(path('packages/debian-image/src/stages/shrink/run.ts'), '// explained\n'),
      { changes: ['shrink: file packages/debian-image/src/stages/shrink/run.ts'], would: ['shrink'], waits: ['extract'] },
    ],
    [
      'what another stage left is gone',
      () => rm(path('dist/web/extract'), { recursive: true }),
      { changes: [], would: ['extract'], waits: [] },
    ],
  ];
  it.each(cases)('%s', async (what, edit, expected) => {
    await stagesThatRun();
    await edit();
    expect(await explained()).toEqual(expected);
    // What is gone from dist is had from the cache of Nx.
    const ran = what.endsWith('is gone') ? [] : [...expected.would, ...expected.waits];
    expect(await stagesThatRun()).toEqual(ran);
    expect(await explained()).toEqual({ changes: [], would: [], waits: [] });
  });
});

function git(...args: string[]): Promise<string> {
  return run('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], { cwd: workspace });
}

it('chooses by `nx affected` the images that a change touches', async () => {
  await mkdir(path('images/other'));
  await writeFile(path('images/other/image.json'), JSON.stringify({ release: 'trixie' }));
  await git('add', '.');
  await git('commit', '--quiet', '--message', 'Begin');
  await appendFile(web('scripts/motd.sh'), '# three\n');
  const env = nxEnvironment(join(folder, 'nx'));
  const affected = async (): Promise<string> =>
    nx(workspace, ['show', 'projects', '--affected', '--base=HEAD', '--withTarget=upload'], env);
  expect((await affected()).trim().split('\n')).toEqual(['web']);
  await git('checkout', '--quiet', '.');
  await writeFile(path('images/other/image.lock.json'), '{}');
  expect((await affected()).trim().split('\n')).toEqual(['other']);
  await rm(path('images/other/image.lock.json'));
  await appendFile(path('README.md'), 'edited\n');
  expect((await affected()).trim()).toBe('');
  await appendFile(path('packages/debian-image/src/host/run.ts'), '// edited\n');
  expect((await affected()).trim().split('\n').toSorted()).toEqual(['other', 'web']);
});
