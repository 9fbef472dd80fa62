import { suggest } from '@nx-debian-image/report';
import { z } from 'zod';

/** One thing that a file should say otherwise. */
export interface Problem {
  /** The file, absolute, where it is another one than the one that is read. */
  readonly file?: string;
  /** Where in the file, such as `users[0].shell`; empty for the whole. */
  readonly path: string;
  /** What is expected and what stands there, to be read after the path. */
  readonly message: string;
}

type Path = readonly PropertyKey[];

/** A path as a person writes it: `users[0].shell`. */
function showPath(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('');
}

/** What was checked against what. */
export interface Checked {
  /** The value as it is written. */
  readonly source: unknown;
  readonly schema: z.ZodType;
  /** The name of the file, for messages. */
  readonly file: string;
}

/** What zod found wrong with a value, in our words; unknown keys first, since a misspelt key is often why another is missing. */
export function problemsOf(error: z.ZodError, checked: Checked): Problem[] {
  return error.issues
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((issue) => {
      if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(checked, issue.path, key));
      const found = valueAt(checked.source, issue.path);
      const message =
        found === undefined
          ? `is missing; it must be ${expectation(issue)}`
          : `must be ${expectation(issue)}; ${standsThere(issue, found)}`;
      return [{ path: showPath(issue.path), message }];
    });
}

function rank(issue: z.core.$ZodIssue): number {
  return issue.code === 'unrecognized_keys' ? 0 : 1;
}

function unknownKey({ schema, file }: Checked, path: Path, key: string): Problem {
  const keys = knownKeys(schema, path);
  const near = suggest(key, keys) ?? `known here: ${keys.join(', ')}`;
  return { path: showPath([...path, key]), message: `is no key of ${file}; ${near}` };
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value')
    return issue.values.length === 1 ? show(issue.values[0]) : `one of ${issue.values.map(show).join(', ')}`;
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')) return plainTypes[issue.expected] ?? issue.expected;
  if (issue.code === 'too_small' && issue.origin === 'array') return `a list of at least ${issue.minimum}`;
  if (issue.code === 'too_small' && issue.message.startsWith('Too small'))
    return issue.origin === 'string' ? 'text, not empty' : `at least ${issue.minimum}`;
  if (issue.code === 'too_big' && issue.message.startsWith('Too big'))
    return `at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
  return issue.message;
}

const plainTypes: Readonly<Record<string, string>> = {
  string: 'text in double quotes',
  array: 'a list in [ ]',
  object: 'an object in { }',
  record: 'an object in { }',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
};

/** A password is never repeated: what the terminal shows may end up in a log. */
function standsThere(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.path.at(-1) === 'password') return 'what stands there is not shown';
  const near = issue.code === 'invalid_value' && typeof found === 'string' ? suggest(found, issue.values.map(String)) : undefined;
  return `it is ${show(found)}${near === undefined ? '' : `; ${near}`}`;
}

/** A value on one line, shortened. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function valueAt(source: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    source,
  );
}

/** The keys that the file has at a path. */
function knownKeys(root: z.ZodType, path: Path): string[] {
  let schema: z.core.JSONSchema.BaseSchema | undefined = z.toJSONSchema(root, { io: 'input' });
  for (const part of path) {
    const next: unknown = typeof part === 'number' ? schema?.items : schema?.properties?.[String(part)];
    schema = typeof next === 'object' && next !== null ? (next as z.core.JSONSchema.BaseSchema) : undefined;
  }
  return Object.keys(schema?.properties ?? {});
}
