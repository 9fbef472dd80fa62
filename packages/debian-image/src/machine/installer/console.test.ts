import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InstallerConsole, type InstallerEvent } from './console.ts';

// recorded from machines, kernel messages left out
const recorded = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'testing', `${name}.log`));

interface Read {
  readonly console: InstallerConsole;
  /** Names of steps, `50 %`, and other events by their kind. */
  readonly told: readonly string[];
}

function read(bytes: Buffer, cut = 64): Read {
  const console = new InstallerConsole();
  const events: InstallerEvent[] = [];
  for (let from = 0; from < bytes.length; from += cut) events.push(...console.feed(bytes.subarray(from, from + cut)));
  return { console, told: events.map(words) };
}

function words(event: InstallerEvent): string {
  if (event.kind === 'step') return event.name;
  return event.kind === 'percent' ? `${event.percent} %` : event.kind;
}

const isPercent = (text: string): boolean => text.endsWith(' %');

const stepsOn = (card: string): string[] => [
  'Detecting network hardware',
  `Detecting link on ${card}; please wait...`,
  'Waiting for link-local address...',
  'Attempting IPv6 autoconfiguration...',
  'Configuring the network with DHCP',
  'Checking the Debian archive mirror',
  'Loading additional components',
  'Detecting disks and all other hardware',
  'Loading additional components',
  'Starting up the partitioner',
  'Guided partitioning',
  'Partitions formatting',
  'Installing the base system',
  'Configuring apt',
  'Select and install software',
  'Installing GRUB boot loader',
  'Finishing the installation',
  'powered-off',
  'powered-off',
];

describe('a good run', () => {
  it.each([
    ['good', 'enp0s3', 5],
    ['good', 'enp0s3', 1 << 20],
    ['good-screen', 'ens3', 5],
    ['good-screen', 'ens3', 100],
    ['good-screen', 'ens3', 1 << 20],
  ])('%s on %s, read in pieces of %i bytes', (name, card, cut) => {
    const { told, console } = read(recorded(name), cut);
    expect(told.filter((text) => !isPercent(text))).toEqual(stepsOn(card));
    expect(console.question).toBeUndefined();
  });

  it.each(['good', 'good-screen'])('says how far each step of %s is, also where its line is wrapped', (name) => {
    const { told } = read(recorded(name), 5);
    const of = (step: string): string[] => {
      const begin = told.indexOf(step) + 1;
      return told.slice(
        begin,
        told.findIndex((text, index) => index >= begin && !isPercent(text)),
      );
    };
    expect(of('Configuring apt').at(-1)).toBe('100 %');
    expect(of('Finishing the installation').slice(0, 3)).toEqual(['3 %', '11 %', name === 'good' ? '22 %' : '23 %']);
    expect(of('Finishing the installation').at(-1)).toBe('92 %');
  });
});

it('knows an error of a download', () => {
  expect(read(recorded('download')).console.question).toMatch(
    /^Choose a mirror[^]*!! ERROR: Bad archive mirror[^]*\[Press enter to continue\]$/,
  );
});

it('knows a question, with its text from the title on', () => {
  const { console, told } = read(recorded('question'));
  expect(told.at(-1)).toBe('100 %');
  const lines = console.question!.split('\n');
  expect(lines.slice(0, 2)).toEqual(['Set up users and passwords', '--------------------------']);
  expect(lines.at(-1)).toBe('Root password:');
});

it('leaves out of a question what the kernel says while it waits', () => {
  const console = new InstallerConsole();
  console.feed(
    Buffer.from('Set up users and passwords\n-----\n\nRoot password:\n[    2.373076] tsc: Refined TSC clocksource calibration\n'),
  );
  expect(console.question).toBe('Set up users and passwords\n-----\n\nRoot password:');
});

it('forgets a question that somebody has answered', () => {
  const console = new InstallerConsole();
  const feed = (text: string): InstallerEvent[] => console.feed(Buffer.from(text));
  feed("Title of it\r\n-----------\r\n\r\nWhich?\r\nPrompt: '?' for help> ");
  expect(console.question).toBe("Title of it\n-----------\n\nWhich?\nPrompt: '?' for help>");
  expect(feed('1\r\nInstalling the base system  ... 6%')).toEqual([
    { kind: 'step', name: 'Installing the base system' },
    { kind: 'percent', percent: 6 },
  ]);
  expect(console.question).toBeUndefined();
});

it('knows a panic and the end', () => {
  const { told, console } = read(recorded('panic'));
  expect(new Set(told)).toEqual(new Set(['panic']));
  expect(console.lastLines.join('\n')).toContain('No working init found');
  expect(read(Buffer.from('The system is going down NOW!\r\n[ 2350.2] reboot: Power down\r\n')).told).toEqual(['powered-off']);
  expect(read(Buffer.from('[ 2350.2] Power down.\r\n')).told).toEqual(['powered-off']);
});

it('takes any bytes, and keeps few of them', () => {
  let state = 1;
  // a linear congruential generator, the same bytes each time
  const next = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >>> 8;
  const console = new InstallerConsole();
  const pieces = ['\u001B[H\u001B[7m', '\u001B[0m', '... 100%', '%', '----', '\n', '\r', '  ', 'Step  ... 5%'];
  for (let round = 0; round < 3000; round += 1) {
    const noise = Buffer.from(Array.from({ length: next() % 40 }, () => next() % 256));
    console.feed(Buffer.concat([noise, Buffer.from(pieces[next() % pieces.length]!)]));
  }
  expect(console.lastLines.length).toBeLessThanOrEqual(15);
  expect((console.question ?? '').length).toBeLessThan(2_000_000);
});

it('has said nothing before the first byte', () => {
  const console = new InstallerConsole();
  expect([console.spoken, console.feed(Buffer.from('\r')), console.spoken]).toEqual([false, [], true]);
});
