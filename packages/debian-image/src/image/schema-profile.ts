import { z } from 'zod';
import * as pattern from './patterns.ts';
import { imageSchema } from './schema.ts';
import { installSchema } from './schema-system.ts';

/** What profile.json may say: what image.json may, without what makes an image that one image. */
export const profileSchema = imageSchema.omit({ release: true, arch: true, from: true }).extend({
  $schema: z
    .string()
    .optional()
    .meta({
      description: 'The JSON schema of this file, for editors.',
      examples: ['../../../node_modules/nx-debian-image/schemas/profile.schema.json'],
    }),
  description: z
    .string()
    .optional()
    .meta({ description: 'What the profile is for.', examples: ['A server that runs containers'] }),
  install: installSchema
    .pick({ components: true, pockets: true, recommends: true })
    .prefault({})
    .meta({ description: 'Where packages come from.', examples: [{ components: ['main', 'contrib'] }] }),
  profiles: pattern.list(pattern.profileName).meta({
    description: 'Further profiles that this one is built upon; they come before it.',
    examples: [['slim']],
  }),
});
