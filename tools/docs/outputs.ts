import { imageJsonSchema, profileJsonSchema } from './json-schema.ts';
import { referencePage } from './reference.ts';

/** How the generated files are made anew. */
export const generateCommand = 'node --import @swc-node/register/esm-register tools/docs/generate.ts';

/** The generated files: their paths from the root of the repository, and what is in them. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const schema = imageJsonSchema();
  return new Map([
    ['packages/nx-debian-image/schemas/image.schema.json', `${JSON.stringify(schema, undefined, 2)}\n`],
    ['packages/nx-debian-image/schemas/profile.schema.json', `${JSON.stringify(profileJsonSchema(), undefined, 2)}\n`],
    ['docs/reference/image-json.md', referencePage(schema)],
  ]);
}
