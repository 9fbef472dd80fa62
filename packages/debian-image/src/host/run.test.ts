import { chmod, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Failure } from '@nx-debian-image/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from './command.ts';
import { baseEnvironment, run, type RunOptions } from './run.ts';

const sh = (script: string, ...args: string[]) => command('sh', ['-c', script, 'sh', ...args]);
const doing = 'trying';
const failing = async (script: string, options: Partial<RunOptions> = {}): Promise<Failure> => {
  const error: unknown = await run(sh(script), { doing, ...options }).catch((thrown: unknown) => thrown);
  return error instanceof Failure ? error : expect.unreachable(`no Failure: ${String(error)}`);
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('what a program says', () => {
  it('is given back as it is', async () => {
    expect(await run(sh('printf "one\\ntwo"; echo not this >&2'), { doing })).toEqual({ stdout: 'one\ntwo', status: 0 });
  });

  it('is heard line by line from both of its outputs', async () => {
    const lines: string[] = [];
    const { stdout } = await run(sh('echo out; echo err >&2; printf end'), { doing, onLine: (line) => lines.push(line) });
    expect([stdout, lines.toSorted()]).toEqual(['', ['end', 'err', 'out']]);
  });

  it('goes on in an open file from where that is', async () => {
    const path = join(folder, 'output');
    const file = await open(path, 'w');
    await file.write('before, ');
    await run(sh('printf within'), { doing, outputFile: file.fd });
    await file.write(', after');
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('before, within, after');
  });

  it('goes where it should as bytes, while its messages are heard', async () => {
    const output = new PassThrough();
    const lines: string[] = [];
    const [bytes] = await Promise.all([
      text(output),
      run(sh('echo bytes; echo err >&2'), { doing, output, onLine: (line) => lines.push(line) }),
    ]);
    expect([bytes, lines]).toEqual(['bytes\n', ['err']]);
  });

  it('is what it makes of its input, a text or a stream', async () => {
    expect((await run(sh('cat'), { doing, input: 'text' })).stdout).toBe('text');
    expect((await run(sh('cat'), { doing, input: Readable.from(['a', 'b']) })).stdout).toBe('ab');
    expect((await run(sh('cat'), { doing })).stdout).toBe('');
  });
});

describe('a program that fails', () => {
  it('is told with its last lines and the command to paste', async () => {
    expect(await failing('for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do echo $i >&2; done; exit 3')).toMatchObject({
      reason: 'command-failed',
      message: 'trying: sh failed with status 3',
      said: '3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17',
      where: "sh -c 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do echo $i >&2; done; exit 3' sh",
    });
  });

  it('may be told more clearly, or be no failure', async () => {
    const explain = (said: string, status: number): Failure => new Failure('not-found', `${said} ${status}`);
    expect(await failing('echo lost >&2; exit 4', { explain })).toMatchObject({ reason: 'not-found', message: 'lost 4' });
    expect(await failing('exit 4', { explain: () => undefined })).toMatchObject({ reason: 'command-failed' });
    expect(await run(sh('exit 4'), { doing, accept: [4] })).toEqual({ stdout: '', status: 4 });
  });

  it.each(['HUP', 'TERM', 'KILL', 'SEGV'])('is cancelled where SIG%s ends it', async (signal) => {
    expect(await failing(`kill -${signal} $$`)).toMatchObject({
      reason: 'cancelled',
      message: `trying: cancelled (sh was ended by SIG${signal})`,
    });
  });

  it('is known to have had no space', async () => {
    expect(await failing('echo "tar: x: No space left on device" >&2; exit 2')).toMatchObject({ reason: 'no-space' });
  });
});

describe('a program that takes too long or is not wanted any more', () => {
  it('is ended, whatever it does about it', async () => {
    const begin = Date.now();
    expect(await failing('trap "" TERM; exec sleep 20', { timeoutSeconds: 0.2 })).toMatchObject({
      reason: 'timeout',
      message: 'trying: not done within 0.2 s',
    });
    expect(await failing('trap "" TERM; exec sleep 20', { signal: AbortSignal.timeout(200) })).toMatchObject({
      reason: 'cancelled',
      message: 'trying: cancelled (sh was ended by request)',
    });
    expect(await failing('exec sleep 20', { signal: AbortSignal.abort() })).toMatchObject({ reason: 'cancelled' });
    expect(Date.now() - begin).toBeLessThan(5000);
  });

  it('leaves no output that looks whole', async () => {
    const output = new PassThrough();
    const [read, ran] = await Promise.allSettled([
      text(output),
      run(sh('echo half; exec sleep 20'), { doing, output, signal: AbortSignal.timeout(200) }),
    ]);
    expect([read, ran]).toMatchObject([
      { status: 'rejected', reason: { reason: 'cancelled' } },
      { status: 'rejected', reason: { reason: 'cancelled' } },
    ]);
  });
});

describe('a program that is not there', () => {
  it.each(['no-such-program', '/no/such/program'])('is a missing tool: %s', async (program) => {
    const ran = run(command(program, ['a b']), { doing, accept: [126, 127] });
    await expect(ran).rejects.toMatchObject({
      reason: 'missing-tool',
      message: `trying: ${program} cannot be started`,
      where: `${program} 'a b'`,
    });
  });

  it('or that may not be run, too', async () => {
    const file = join(folder, 'not executable');
    await writeFile(file, '#!/bin/sh\n');
    await expect(run(command(file, []), { doing })).rejects.toMatchObject({ reason: 'missing-tool', where: `'${file}'` });
    await chmod(file, 0o755);
    expect(await run(command(file, []), { doing })).toEqual({ stdout: '', status: 0 });
  });

  it('is not one that itself misses another', async () => {
    expect(await failing('no-such-program')).toMatchObject({ reason: 'command-failed', message: 'trying: sh failed with status 127' });
  });
});

describe('streams', () => {
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });

  it('that cannot take the output are why it failed, not the program', async () => {
    const output = new Writable({ write: (_chunk, _encoding, done) => done(full) });
    await expect(run(command('yes', []), { doing, output })).rejects.toBe(full);
    const late = new Writable({ write: (_chunk, _encoding, done) => done(), final: (done) => done(full) });
    await expect(run(sh('echo end'), { doing, output: late })).rejects.toBe(full);
  });

  it('that break as input are why it failed, not the program', async () => {
    const input = new Readable({ read: () => {} });
    input.push('half');
    setTimeout(() => input.destroy(full), 50);
    await expect(run(sh('cat >/dev/null; echo unexpected end >&2; exit 2'), { doing, input })).rejects.toBe(full);
  });

  it('need not be read to their end by a program that is content', async () => {
    const input = Readable.from(Array.from({ length: 1000 }, () => Buffer.alloc(10_000)));
    expect((await run(sh('head -c 1 >/dev/null; echo content'), { doing, input })).stdout).toBe('content\n');
    expect((await run(sh('exec 0<&-; echo content'), { doing, input: 'x'.repeat(1 << 20) })).stdout).toBe('content\n');
  });

  it('that a program does not read to the end do not hide why it failed', async () => {
    const input = Readable.from(Array.from({ length: 1000 }, () => Buffer.alloc(10_000)));
    expect(await failing('echo why >&2; exit 2', { input })).toMatchObject({ reason: 'command-failed', said: 'why' });
  });

  it('whose reader went away are no success', async () => {
    const output = new PassThrough();
    output.destroy();
    await expect(run(sh('echo lost'), { doing, output })).rejects.toThrow(/went away|cancelled/);
  });
});

it('gives programs a fixed environment, and what the command says', async () => {
  const environment = baseEnvironment({ PATH: '/mine', HOME: '/home/me', LANG: 'de_DE', SECRET: 'x', https_proxy: 'http://proxy' });
  expect(environment).toEqual({
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    PATH: '/mine:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/home/me',
    https_proxy: 'http://proxy',
  });
  const { stdout } = await run({ ...sh('echo "$MORE $LC_ALL $PWD $VITEST"'), env: { MORE: 'more' }, cwd: '/' }, { doing });
  expect(stdout).toBe('more C.UTF-8 / \n');
});
