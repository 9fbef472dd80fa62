import type { Change } from './inputs.ts';

/** The digits of a digest that tell two apart for a person. */
const shown = 12;

/** A change in words; paths begin at the workspace's root. */
export function changeInWords({ kind, name, before, after }: Change): string {
  switch (kind) {
    case 'field':
      return `${name}: ${valuesInWords(parsed(before), parsed(after))}`;
    case 'file':
      return `${name} ${fileInWords(before, after)}`;
    case 'command':
    case 'unhashed':
      return outputInWords(name, before ?? '', after ?? '');
    case 'package':
      return `${name} ${before ?? 'not used'} -> ${after ?? 'not used'}`;
    case 'result':
      return `what ${name} left ${fileInWords(before, after)}`;
    case 'variable':
      return `$${name}: ${JSON.stringify(before ?? '')} -> ${JSON.stringify(after ?? '')}`;
    case 'target':
      return `the target ${name}: ${before ?? 'none'} -> ${after ?? 'none'}`;
  }
}

function fileInWords(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return 'is new';
  if (after === undefined) return 'is gone';
  return `changed (sha256 ${before.slice(0, shown)} -> ${after.slice(0, shown)})`;
}

function valuesInWords(before: unknown, after: unknown): string {
  if (Array.isArray(before ?? []) && Array.isArray(after ?? [])) {
    const [old, now] = [before ?? [], after ?? []].map((list) => (list as unknown[]).map((item) => JSON.stringify(item))) as [
      string[],
      string[],
    ];
    const changes = listChanges(old, now);
    return changes === '' ? 'another order' : changes;
  }
  return `${text(before)} -> ${text(after)}`;
}

/** A line that prints one value is told by that, one that prints a list by the lines that came and went. */
function outputInWords(name: string, before: string, after: string): string {
  const [old, now] = [before, after].map((output) => output.split('\n').filter((line) => line !== '')) as [string[], string[]];
  if (old.length === 1 && now.length === 1) return `${name}: ${old[0]} -> ${now[0]}`;
  return `${name}: ${listChanges(old, now) || 'another order'}`;
}

function listChanges(before: readonly string[], after: readonly string[]): string {
  const added = after.filter((item) => !before.includes(item));
  const removed = before.filter((item) => !after.includes(item));
  return [added.length > 0 ? `added ${added.join(', ')}` : '', removed.length > 0 ? `removed ${removed.join(', ')}` : '']
    .filter((words) => words !== '')
    .join('; ');
}

function parsed(value: string | undefined): unknown {
  return value === undefined ? undefined : JSON.parse(value);
}

function text(value: unknown): string {
  return value === undefined ? 'not set' : JSON.stringify(value);
}
