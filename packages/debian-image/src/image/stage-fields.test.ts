import { expect, it } from 'vitest';
import { z } from 'zod';
import { imageSchema } from './schema.ts';
import { fieldsOfNoStage, lineageFields, stageFields } from './stage-fields.ts';

const properties = (schema: unknown): string[] => Object.keys((schema as z.core.JSONSchema.BaseSchema).properties ?? {});
const root = z.toJSONSchema(imageSchema, { io: 'input' });
const used = new Set<string>([...Object.values(stageFields).flat(), ...lineageFields, ...fieldsOfNoStage]);

it('lets every field decide a stage', () => {
  const forgotten = properties(root).flatMap((field) => {
    if (used.has(field)) return [];
    const below = properties(root.properties?.[field]).map((name) => `${field}.${name}`);
    return below.length === 0 ? [field] : below.filter((path) => !used.has(path));
  });
  expect(forgotten).toEqual([]);
});

it('names only fields that image.json has', () => {
  const known = new Set(
    properties(root).flatMap((field) => [field, ...properties(root.properties?.[field]).map((name) => `${field}.${name}`)]),
  );
  expect([...used].filter((field) => !known.has(field))).toEqual([]);
});
