import { statfs } from 'node:fs/promises';
import { Failure } from '@nx-debian-image/report';
import { parseSize } from '../../image/sizes.ts';

/** What a store may keep where nobody says: a share of its file system, yet enough for the stages of a few images. */
const share = 0.2;
const least = 10 * 2 ** 30;

/** Where a limit comes from. */
export interface LimitSources {
  readonly environment: NodeJS.ProcessEnv;
  /** What nx.json says beside the plugin's name. */
  readonly option: string | undefined;
}

/**
 * The bytes that a store may keep: DEBIAN_IMAGE_STORE_LIMIT, else the plugin's option `storeLimit`, such as `20GiB`; `none` is no limit. Where
 * neither is given 20 % of its file system, and 10 GiB at least. Failure `invalid` for other words.
 */
export async function limitOf(folder: string, { environment, option }: LimitSources): Promise<number> {
  const variable = environment['DEBIAN_IMAGE_STORE_LIMIT'];
  if (variable) return parseLimit(variable, 'DEBIAN_IMAGE_STORE_LIMIT');
  if (option !== undefined) return parseLimit(option, 'nx.json: storeLimit of the plugin');
  const { blocks, bsize } = await statfs(folder);
  return Math.max(least, Math.floor(blocks * bsize * share));
}

/** A limit as a person writes it. Failure `invalid`, naming where it stands. */
export function parseLimit(text: string, where: string): number {
  const bytes = text === 'none' ? Number.POSITIVE_INFINITY : parseSize(text);
  if (bytes !== undefined) return bytes;
  throw new Failure('invalid', `${JSON.stringify(text)} is no limit of a store`, {
    where,
    hint: 'Write a size such as "20GiB", or "none".',
  });
}
