import { Failure } from '@nx-debian-image/report';
import { command } from './command.ts';
import { run } from './run.ts';

/** A program of this machine, and the Debian package that has it. */
export interface ProgramNeed {
  readonly program: string;
  readonly package: string;
}

export interface ProgramPurpose {
  /** What needs it: the beginning of the message, such as `a bare disk as vhd`. */
  readonly what: string;
  /** Who asks for that, such as `image.json: disk.bare`. */
  readonly where?: string;
  readonly signal?: AbortSignal;
}

/** Fails as `missing-tool`, with the package to install, where a program is not there: before any work is done that ends at it. */
export async function requireProgram({ program, package: name }: ProgramNeed, { what, where, signal }: ProgramPurpose): Promise<void> {
  try {
    await run(command(program, ['--version']), { doing: `looking for ${program}`, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (!(error instanceof Failure) || error.reason !== 'missing-tool') throw error;
    throw new Failure('missing-tool', `${what} needs ${program}, which is not on this machine`, {
      ...(where === undefined ? {} : { where }),
      hint: `sudo apt-get install --no-install-recommends ${name}`,
    });
  }
}
