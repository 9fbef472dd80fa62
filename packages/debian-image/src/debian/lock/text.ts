import { canonicalJson, digestOf } from '@nx-debian-image/artifact-store';
import type { Lock, UnsealedLock } from './schema.ts';

/** The digest over all of a lock but itself; how the file is laid out and the order of its keys do not count. */
export function sealOf(lock: Lock | UnsealedLock): Lock['digest'] {
  const { version, request, suites, epoch, packages, below, tools, bootLoader } = lock;
  return digestOf(canonicalJson({ version, request, suites, epoch, packages, below, tools, bootLoader }));
}

/** A lock as it is written: a line for each package, so that a change of one is a change of one line. Equal locks give equal bytes. */
export function renderLock(lock: UnsealedLock): string {
  const { version, request, suites, epoch, packages, below, tools, bootLoader } = lock;
  const upon = below === undefined ? {} : { below };
  const booting = bootLoader === undefined ? {} : { bootLoader };
  return `${render({ version, request, suites, epoch, packages, ...upon, tools, ...booting, digest: sealOf(lock) }, '')}\n`;
}

function render(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + JSON.stringify(item)).join(',\n')}\n${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${render(item, inner)}`);
  return `{\n${entries.join(',\n')}\n${indent}}`;
}
