import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { imageJsonSchema, type JsonSchema, profileJsonSchema } from './json-schema.ts';
import { generateCommand, generatedFiles } from './outputs.ts';

const root = join(import.meta.dirname, '../..');

it.each([...generatedFiles()])('%s is what the schema says today', async (path, content) => {
  const committed = await readFile(join(root, path), 'utf8').catch(() => '');
  expect(committed === content, `${path} is stale; run: ${generateCommand}`).toBe(true);
});

it('describes every field with an example', () => {
  const bare = (schema: JsonSchema, path: string): string[] => {
    const object = schema.type === 'array' ? (schema.items as JsonSchema) : schema;
    return Object.entries(object.properties ?? {}).flatMap(([name, field]) => {
      if (typeof field !== 'object') return [];
      const here = `${path}${name}`;
      const own = field.description?.endsWith('.') && (field.examples?.length ?? 0) > 0 ? [] : [here];
      return [...own, ...bare(field, `${here}.`)];
    });
  };
  expect(bare(imageJsonSchema(), '')).toEqual([]);
  expect(bare(profileJsonSchema(), '')).toEqual([]);
});
