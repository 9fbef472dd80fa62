import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '@nx-debian-image/report';
import { findRepeated } from './consistency.ts';
import { findSyntaxFault } from './json-syntax.ts';
import { type Problem, problemsOf } from './problems.ts';
import { findMissingFiles } from './references.ts';
import { childSchema, imageSchema } from './schema.ts';
import { profileSchema } from './schema-profile.ts';

export type SourceKind = 'image' | 'profile';

/** An image.json or profile.json whose every field is right by itself. */
export interface Source {
  readonly kind: SourceKind;
  /** The name of its folder. */
  readonly name: string;
  /** Its folder, absolute: what it names is relative to it. */
  readonly folder: string;
  readonly file: string;
  /** What it says, as it is written. */
  readonly written: Readonly<Record<string, unknown>>;
  /** What stands in it twice, and what it names that is not in its folder. */
  readonly problems: readonly Problem[];
}

/** The name of the file that makes a folder an image or a profile. */
export const fileNames: Readonly<Record<SourceKind, string>> = { image: 'image.json', profile: 'profile.json' };

const shownProblems = 10;

/**
 * Reads the file of a folder and checks all that can be checked without others. Failures: `not-found` where there is none, `invalid` where
 * a field is not what it must be, with every such problem (at most ten): its path in the file, what is expected, what stands there, and the
 * nearest right word.
 */
export async function readSource(kind: SourceKind, folder: string): Promise<Source> {
  const file = join(folder, fileNames[kind]);
  const written = parse(await readText(kind, file, folder), file);
  const schema = schemaFor(kind, written);
  const parsed = schema.safeParse(written);
  if (!parsed.success) throw invalid({ file, kind }, problemsOf(parsed.error, { source: written, schema, file: fileNames[kind] }));
  const problems = [...findRepeated(parsed.data), ...(await findMissingFiles(parsed.data, folder, kind))];
  return {
    kind,
    name: basename(folder),
    folder,
    file,
    written: written as Record<string, unknown>,
    problems: problems.map((problem) => ({ ...problem, file })),
  };
}

function schemaFor(kind: SourceKind, written: unknown): typeof imageSchema | typeof childSchema | typeof profileSchema {
  if (kind === 'profile') return profileSchema;
  return typeof written === 'object' && written !== null && 'from' in written ? childSchema : imageSchema;
}

async function readText(kind: SourceKind, file: string, folder: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Failure('not-found', `There is no ${kind} in ${folder}: it has no readable ${fileNames[kind]}`, {
      where: file,
      hint: `A folder with a file ${fileNames[kind]} is one; \`nx g nx-debian-image:${kind}\` makes one.`,
      cause,
    });
  }
}

function parse(text: string, file: string): unknown {
  const fault = findSyntaxFault(text);
  if (fault === undefined) return JSON.parse(text);
  const gutter = `${fault.line} | `;
  const pointer = `${' '.repeat(gutter.length)}${fault.text.slice(0, fault.column - 1).replace(/[^\t]/g, ' ')}^`;
  throw new Failure('invalid', `${basename(file)} is not JSON: line ${fault.line}, column ${fault.column}: ${fault.message}`, {
    where: `${file}:${fault.line}:${fault.column}`,
    said: `${gutter}${fault.text}\n${pointer}`,
  });
}

/** The failure for what is wrong in a file, or between it and others; a problem that stands in another file says so. */
export function invalid({ file, kind }: Pick<Source, 'file' | 'kind'>, problems: readonly Problem[]): Failure {
  const name = fileNames[kind];
  const lines = problems.slice(0, shownProblems).map(({ path, message, file: other }) => {
    const place = path === '' ? name : path;
    return `${other === undefined || other === file ? '' : `${other}: `}${place}: ${message}`;
  });
  if (problems.length > shownProblems) lines.push(`and ${problems.length - shownProblems} more`);
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return new Failure('invalid', `${name} has ${count}`, { where: file, said: lines.join('\n') });
}
