import { expect, it } from 'vitest';
import { command, run } from '../host/index.ts';
import { extendScript } from './extend.ts';

const script = extendScript({ wanted: ['nginx-light', 'libstdc++6'], recommends: false });

it('is what a POSIX shell can read', async () => {
  expect((await run(command('dash', ['-n']), { doing: 'reading the script', input: script })).status).toBe(0);
});

it('asks the repository of the run alone', () => {
  expect(script).toContain("echo 'deb [trusted=yes] file:///run/debian-image/repository ./' >/tmp/sources.list");
  expect(script).toMatch(/--option Dir::Etc::SourceParts=\/dev\/null .*--option APT::Install-Recommends=false/);
  expect(script).toMatch(/^apt install nginx-light libstdc\+\+6$/m);
});
