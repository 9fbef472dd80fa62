import { expect, it } from 'vitest';
import { z } from 'zod';
import { imageSchema } from './schema.ts';
import { fieldsOfNoStage, lineageFields, stageFields } from './stage-fields.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const root = z.toJSONSchema(imageSchema, { io: 'input' });
const used = new Set<string>([...Object.values(stageFields).flat(), ...lineageFields, ...fieldsOfNoStage]);

/** The fields of an object by their paths, each with those below it. */
function fieldsBelow(schema: JsonSchema, prefix = ''): [path: string, below: JsonSchema][] {
  return Object.entries(schema.properties ?? {}).map(([name, below]) => [prefix + name, below as JsonSchema]);
}

it('lets every field decide a stage', () => {
  const forgotten = (schema: JsonSchema, prefix = ''): string[] =>
    fieldsBelow(schema, prefix).flatMap(([path, below]) => {
      if (used.has(path)) return [];
      return below.properties === undefined ? [path] : forgotten(below, `${path}.`);
    });
  expect(forgotten(root)).toEqual([]);
});

it('names only fields that image.json has', () => {
  const known = (schema: JsonSchema, prefix = ''): string[] =>
    fieldsBelow(schema, prefix).flatMap(([path, below]) => [path, ...known(below, `${path}.`)]);
  const all = new Set(known(root));
  expect([...used].filter((field) => !all.has(field))).toEqual([]);
});

it('has what runs the installer in no key', () => {
  const decided = Object.values(stageFields).flat();
  expect(decided.filter((field) => 'install.installer.runner'.startsWith(field))).toEqual([]);
});
