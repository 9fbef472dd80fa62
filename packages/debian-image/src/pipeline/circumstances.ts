import { allowedProcessors, useProcessors } from '../host/processors.ts';

/** What is around a build and must not decide its bytes. */
export interface Circumstances {
  /** As a person reads it. */
  readonly words: string;
  /** The name of the folder that all is made in. */
  readonly folder: string;
  /** Variables over those of this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** The umask; undefined leaves this process's. */
  readonly umask?: number;
  readonly oneProcessor: boolean;
}

/** Two builds that have as little in common as one machine allows without asking for more rights. */
export const twoCircumstances: readonly [Circumstances, Circumstances] = [
  { words: 'as it is built here', folder: 'first', environment: {}, oneProcessor: false },
  {
    words: 'on one processor, on disk, in another folder and time zone, with another umask',
    folder: 'second-in-a-folder-of-another-name',
    environment: { DEBIAN_IMAGE_SCRATCH: 'disk', TZ: 'Pacific/Auckland' },
    umask: 0o077,
    oneProcessor: true,
  },
];

/** Works under some circumstances, in this process; those from before are back at the end. */
export async function under<Result>(circumstances: Circumstances, work: () => Promise<Result>): Promise<Result> {
  const processors = await allowedProcessors();
  const before = { umask: process.umask(), timezone: process.env['TZ'] };
  try {
    if (circumstances.oneProcessor) await useProcessors(processors.split(/[-,]/, 1)[0]!);
    if (circumstances.umask !== undefined) process.umask(circumstances.umask);
    setTimezone(circumstances.environment['TZ'] ?? before.timezone);
    return await work();
  } finally {
    setTimezone(before.timezone);
    process.umask(before.umask);
    if (circumstances.oneProcessor) await useProcessors(processors);
  }
}

function setTimezone(timezone: string | undefined): void {
  if (timezone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = timezone;
}
