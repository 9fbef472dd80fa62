import { Failure } from '@nx-debian-image/report';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';

const settings = z.record(z.string(), z.unknown());

/** A cloud's settings as written; keys and values are judged only once the cloud is chosen. */
export type Settings = z.infer<typeof settings>;

const fileSchema = z.looseObject({
  clouds: z.record(z.string(), settings).optional(),
  'public-clouds': z.record(z.string(), settings).optional(),
});

/** What clouds.yaml, secure.yaml or clouds-public.yaml says. */
export type CloudsFile = z.infer<typeof fileSchema>;

/**
 * Reads the text of clouds.yaml or its like; JSON is YAML too. YAML 1.1, as Python's safe_load has it (`verify: no` is false).
 * Failure `invalid` with the file and line.
 */
export function parseClouds(text: string, file: string): CloudsFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.1', lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new Failure('invalid', `${file} is not valid YAML`, { where: `${file}:${line}:${col}`, said: error.message });
  }
  const checked = fileSchema.safeParse(document.toJS() ?? {});
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const path = issue!.path.map(String);
  const range = (document.getIn(path, true) as { range?: [number, number, number] } | undefined)?.range;
  const at = range ? `:${lines.linePos(range[0]).line}` : '';
  throw new Failure('invalid', `${file}: ${path.join('.') || 'the file'} is not what it must be`, {
    where: `${file}${at}`,
    said: issue!.message,
    hint: 'It must look like `clouds: { NAME: { auth: { auth_url: … }, region_name: … } }`.',
  });
}

/** The second over the first, key by key; only maps are merged, everything else is replaced. */
export function merge(under: Settings, over: Settings): Settings {
  const merged = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isSettings(below) && isSettings(value) ? merge(below, value) : value;
  }
  return merged;
}

export function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
