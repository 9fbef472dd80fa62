import { z } from 'zod';
import * as pattern from './patterns.ts';

/** What an instance is given: `verify.flavour`. */
export const flavourSchema = z.strictObject({
  memory: pattern.size
    .refine((bytes) => bytes >= 2 ** 26, 'at least 64MiB')
    .prefault('1GiB')
    .meta({ description: 'The memory. "1GiB" or a number of bytes.', examples: ['2GiB'] }),
  processors: z
    .int('a whole number from 1 to 255')
    .min(1, 'a whole number from 1 to 255')
    .max(255, 'a whole number from 1 to 255')
    .default(2)
    .meta({ description: 'How many processors.', examples: [1] }),
  disk: pattern.size.optional().meta({
    description:
      'The size of the disk. "10GiB" or a number of bytes. Where not given: 1 GiB more than the image, in whole GiB, and at least 3 GiB.',
    examples: ['10GiB'],
  }),
});

/** A flavour as it is read; sizes in bytes. */
export type FlavourWish = z.output<typeof flavourSchema>;
