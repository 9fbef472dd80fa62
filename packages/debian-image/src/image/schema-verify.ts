import { z } from 'zod';
import * as pattern from './patterns.ts';
import { flavourSchema } from './schema-flavour.ts';

/** `verify.commands[]`: something to ask a running instance. */
const commandSchema = z.strictObject({
  name: pattern.text(/^\S(?:[^\n]*\S)?$/, 'a name such as "nginx answers"').meta({
    description: 'What is checked, for the report.',
    examples: ['nginx answers'],
  }),
  command: z
    .string('text in double quotes')
    .min(1)
    .meta({
      description: 'A line for the shell of root.',
      examples: ['curl --fail --silent --show-error http://localhost/'],
    }),
  status: z
    .int('a status from 0 to 254')
    .min(0, 'a status from 0 to 254')
    .max(254, 'a status from 0 to 254')
    .default(0)
    .meta({ description: 'The status that it must end with.', examples: [1] }),
  output: z
    .string('text in double quotes')
    .refine(isPattern, 'a regular expression such as "^active$"')
    .optional()
    .meta({
      description: 'A regular expression that must match what it says, its errors among that; ^ and $ are those of a line.',
      examples: ['Welcome to nginx'],
    }),
  seconds: z
    .int('a whole number of seconds')
    .min(1, 'at least 1 second')
    .default(60)
    .meta({ description: 'How long it may take.', examples: [300] }),
});

/** `verify`: how the finished image is tried. */
export const verifySchema = z.strictObject({
  flavour: flavourSchema.prefault({}).meta({ description: 'What the instances are given.', examples: [{ memory: '2GiB', disk: '10GiB' }] }),
  commands: pattern.list(commandSchema).meta({
    description: 'What must hold in a running instance beside what every image is asked, in this order.',
    examples: [[{ name: 'nginx answers', command: 'curl --fail --silent http://localhost/', output: 'Welcome to nginx' }]],
  }),
  beforeUpload: pattern.flag.default(false).meta({
    description: 'Whether the image is published only once it has been verified.',
    examples: [true],
  }),
});

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'm') instanceof RegExp;
  } catch {
    return false;
  }
}
