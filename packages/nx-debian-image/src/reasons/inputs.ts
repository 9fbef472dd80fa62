/** What decided, or would decide, whether a stage runs: each input by its kind and its name, with its value as text. */
export type Inputs = Readonly<Partial<Record<InputKind, Readonly<Record<string, string>>>>>;

/**
 * `field` of a JSON file (`images/web/image.json: packages`), `file` (its sha256), `command` (what it prints), `package` of npm (its version),
 * `result` of another task (`web:install`, the sha256 of what it left), `variable` of the environment,
 * `unhashed` (what lies in a folder beyond the contents of files, or whether the catalog is as it was left), `target` (how it is defined).
 */
export type InputKind = (typeof inputKinds)[number];

const inputKinds = ['field', 'file', 'command', 'package', 'result', 'variable', 'unhashed', 'target'] as const;

/** An input that is not what it was; undefined where it was, or is, not there. */
export interface Change {
  readonly kind: InputKind;
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** In what two sets of inputs differ, by kind and name. */
export function changesBetween(before: Inputs, after: Inputs): Change[] {
  return inputKinds.flatMap((kind) => {
    const [old, now] = [before[kind] ?? {}, after[kind] ?? {}];
    const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].toSorted();
    return names.filter((name) => old[name] !== now[name]).map((name) => ({ kind, name, before: old[name], after: now[name] }));
  });
}
