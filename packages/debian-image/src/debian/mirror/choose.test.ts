import { describe, expect, it } from 'vitest';
import { releaseOf } from '../releases.ts';
import { chooseMirror, defaultMirror } from './choose.ts';

const nothing = { configured: undefined, environment: undefined, environmentSecurity: undefined, indexTargets: '', debootstrap: '' };
const apt =
  'Debian|Debian|http://mirror.example/debian/\nDebian|Debian-Security|http://mirror.example/security/\nNode Source|Node|https://node.example/\n';
const debootstrap = 'VERSION=1\nDEF_MIRROR="http://default.example/debian"\n';
const bookworm = releaseOf('bookworm');

describe('the mirror', () => {
  it('is that of image.json before all others', () => {
    const mirror = chooseMirror(bookworm, {
      ...nothing,
      configured: 'http://own.example/debian/',
      environment: 'http://env.example/debian',
      indexTargets: apt,
    });
    expect(mirror).toEqual({ main: 'http://own.example/debian', security: 'http://own.example/debian-security', chosenBy: 'image.json' });
  });

  it('is that of the environment, then of apt, then of debootstrap', () => {
    const all = { ...nothing, environment: 'http://env.example/debian', indexTargets: apt, debootstrap };
    expect(chooseMirror(bookworm, all)?.main).toBe('http://env.example/debian');
    expect(chooseMirror(bookworm, { ...all, environment: undefined })).toEqual({
      main: 'http://mirror.example/debian',
      security: 'http://mirror.example/security',
      chosenBy: "this machine's apt",
    });
    expect(chooseMirror(bookworm, { ...nothing, debootstrap })?.main).toBe('http://default.example/debian');
    expect(chooseMirror(bookworm, nothing)).toBeUndefined();
  });

  it('is the archive for a release that the mirrors no longer carry', () => {
    expect(chooseMirror(releaseOf('squeeze'), { ...nothing, indexTargets: apt })?.main).toBe('http://archive.debian.org/debian');
  });
});

it('reads the default of debootstrap', () => {
  expect(defaultMirror(debootstrap)).toBe('http://default.example/debian');
});
