import { z } from 'zod';
import { childSchema, profileSchema } from '../../packages/debian-image/src/image/index.ts';

/** A JSON schema, as far as zod writes it. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON schema of image.json as it is written, draft 7: the newest that editors know well. */
export function imageJsonSchema(): JsonSchema {
  return {
    ...written(childSchema),
    title: 'image.json of nx-debian-image',
    description: 'One Debian cloud image: what it is made of and where it goes.',
    anyOf: [{ required: ['release'] }, { required: ['from'] }],
  };
}

/** The JSON schema of profile.json. */
export function profileJsonSchema(): JsonSchema {
  return {
    ...written(profileSchema),
    title: 'profile.json of nx-debian-image',
    description: 'A piece of configuration that images are built upon.',
  };
}

function written(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      dropSafeIntegerLimits(jsonSchema);
      keepExamples(zodSchema, jsonSchema);
    },
  });
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
