import { z } from 'zod';
import { imageSchema } from '../../packages/debian-image/src/image/index.ts';

/** A JSON schema, as far as zod writes it. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON schema of image.json as it is written, draft 7: the newest that editors know well. */
export function imageJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(imageSchema, {
    target: 'draft-7',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      dropSafeIntegerLimits(jsonSchema);
      keepExamples(zodSchema, jsonSchema);
    },
  });
  return {
    ...schema,
    title: 'image.json of nx-debian-image',
    description: 'One Debian cloud image: what it is made of and where it goes.',
  };
}

/** zod bounds every whole number by what JavaScript can hold; nobody wants to read that. */
function dropSafeIntegerLimits(schema: JsonSchema): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

/** zod leaves out the examples of fields that are transformed, such as sizes, because they could be of the result; ours are as written. */
function keepExamples(source: z.core.$ZodType, schema: JsonSchema): void {
  const examples = z.globalRegistry.get(source)?.['examples'];
  if (Array.isArray(examples)) schema.examples = examples;
}
