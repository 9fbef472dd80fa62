import { Failure } from '@nx-debian-image/report';

/** The `code` of an error of the file system (`ENOENT`, `EXDEV`), or undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** An error of the file system as a user can mend it: `no-space` with the folder, `invalid` where it cannot be written. Others stay as they are. */
function explainFileError(error: unknown, folder: string): unknown {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new Failure('no-space', `no space left in ${folder}`, {
        hint: 'Free some space there, or choose a folder on a larger disk.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new Failure('invalid', `${folder} cannot be written`, {
        said: error instanceof Error ? error.message : String(error),
        hint: 'Choose a folder that you may write to.',
        cause: error,
      });
    default:
      return error;
  }
}

/** Does work on files of a folder; its errors come as `explainFileError` tells them. */
export async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainFileError(error, folder);
  }
}

/** A promise's value, or undefined where a file is not there. */
export async function unlessMissing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
