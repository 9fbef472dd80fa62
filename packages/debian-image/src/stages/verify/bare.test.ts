import { expect, it } from 'vitest';
import { firmwareOf, firmwareQuestion } from './bare.ts';

it.each([
  [
    ['bios', 'uefi'],
    ['bios', 'uefi', 'uefi-secure'],
  ],
  [['bios'], ['bios']],
  [['uefi'], ['uefi', 'uefi-secure']],
])('what %j starts is tried by %j', (firmware, names) => expect(firmwareOf({ firmware })).toEqual(names));

it.each([
  ['bios\n', 'bios', true],
  ['uefi\n   0\n', 'uefi', true],
  ['uefi\n', 'uefi', true],
  ['uefi\n   1\n', 'uefi-secure', true],
  ['uefi\n   0\n', 'uefi-secure', false],
  ['', 'bios', false],
] as const)('a guest that says %j was started by %s: %s', (answer, name, ok) => expect(firmwareQuestion(name).judge(answer).ok).toBe(ok));
