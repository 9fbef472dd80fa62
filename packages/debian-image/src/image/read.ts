import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Failure } from '@nx-debian-image/report';
import { findContradictions } from './consistency.ts';
import { findSyntaxFault } from './json-syntax.ts';
import { type Problem, problemsOf } from './problems.ts';
import { findMissingFiles } from './references.ts';
import { type Image, resolveImage } from './resolve.ts';
import { imageSchema } from './schema.ts';

/** The name of the file that makes a folder an image. */
export const imageFileName = 'image.json';

const shownProblems = 10;

/**
 * Reads the image of a folder. Gives Failure `not-found` where there is no image.json, and `invalid` with every problem (at most ten):
 * its path in the file, what is expected, what stands there, and the nearest right word.
 */
export async function readImage(folder: string): Promise<Image> {
  const absolute = resolve(folder);
  const file = join(absolute, imageFileName);
  const source = parse(await readText(file, absolute), file);
  const parsed = imageSchema.safeParse(source);
  if (!parsed.success) throw invalid(file, problemsOf(parsed.error, source));
  const problems = [...findContradictions(parsed.data), ...(await findMissingFiles(parsed.data, absolute))];
  if (problems.length > 0) throw invalid(file, problems);
  return resolveImage(parsed.data, absolute, basename(absolute));
}

async function readText(file: string, folder: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Failure('not-found', `There is no image in ${folder}: it has no readable ${imageFileName}`, {
      where: file,
      hint: `An image is a folder with an ${imageFileName}; \`nx g nx-debian-image:image\` makes one.`,
      cause,
    });
  }
}

function parse(text: string, file: string): unknown {
  const fault = findSyntaxFault(text);
  if (fault === undefined) return JSON.parse(text);
  const gutter = `${fault.line} | `;
  const pointer = `${' '.repeat(gutter.length)}${fault.text.slice(0, fault.column - 1).replace(/[^\t]/g, ' ')}^`;
  throw new Failure('invalid', `${imageFileName} is not JSON: line ${fault.line}, column ${fault.column}: ${fault.message}`, {
    where: `${file}:${fault.line}:${fault.column}`,
    said: `${gutter}${fault.text}\n${pointer}`,
  });
}

function invalid(file: string, problems: readonly Problem[]): Failure {
  const lines = problems.slice(0, shownProblems).map(({ path, message }) => `${path === '' ? imageFileName : path}: ${message}`);
  if (problems.length > shownProblems) lines.push(`and ${problems.length - shownProblems} more`);
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return new Failure('invalid', `${imageFileName} has ${count}`, { where: file, said: lines.join('\n') });
}
