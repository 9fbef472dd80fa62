import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@nx-debian-image/report';
import type { z } from 'zod';
import { type Lock, lockFileName, lockSchema } from './schema.ts';
import { sealOf } from './text.ts';

/** Who mends a lock of an image. */
export const lockCommand = (image: string): string => `nx run ${image}:lock`;

const shownProblems = 5;

/**
 * The lock of the image in a folder; undefined where it has none. Fails as `invalid` where it is not what `lock` wrote: no JSON, of another
 * format, or edited by hand.
 */
export async function readLock(folder: string, image: string): Promise<Lock | undefined> {
  const file = join(folder, lockFileName);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseLock(text, file, image);
}

/** The lock that a text holds; `file` is where it comes from. Failures as of `readLock`. */
export function parseLock(text: string, file: string, image: string): Lock {
  const fail = (message: string, said?: string): Failure =>
    new Failure('invalid', `${lockFileName} ${message}`, {
      where: file,
      ...(said === undefined ? {} : { said }),
      hint: `It is not meant to be edited. \`${lockCommand(image)}\` writes it anew.`,
    });
  let source: unknown;
  try {
    source = JSON.parse(text);
  } catch (error) {
    throw fail(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = lockSchema.safeParse(source);
  if (!parsed.success) throw fail('is not as it was written', problemsIn(parsed.error));
  const seal = sealOf(parsed.data);
  if (parsed.data.digest !== seal)
    throw fail('was changed after it was written', `digest: it says ${parsed.data.digest}, its content is ${seal}`);
  return parsed.data;
}

function problemsIn(error: z.ZodError): string {
  const lines = error.issues.map((issue) => {
    const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
    return `${path.replace(/^\./, '') || 'the whole'}: ${issue.message}`;
  });
  if (lines.length > shownProblems) lines.splice(shownProblems, lines.length, `and ${lines.length - shownProblems} more`);
  return lines.join('\n');
}
