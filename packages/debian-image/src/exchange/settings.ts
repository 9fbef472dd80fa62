import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Failure } from '@nx-debian-image/report';
import { z } from 'zod';
import { parsePrivateKey, parsePublicKey, publicLine } from './keys.ts';

/** Where results are exchanged, and what of it this machine may do. */
export interface ExchangeSettings {
  /** Such as `registry.example/team/images`. */
  readonly repository: string;
  /** As the repository's name begins with `http://` or `https://`; undefined where it does not say. */
  readonly plainHttp: boolean | undefined;
  readonly write: boolean;
  readonly strict: boolean;
  /** The public keys, a line each, one of which must have signed a result; undefined takes all. */
  readonly trust: readonly string[] | undefined;
  /** What signs the results of this machine. */
  readonly key: KeyObject | undefined;
}

const optionSchema = z.preprocess(
  (option) => (typeof option === 'string' ? { repository: option } : option),
  z.strictObject({
    repository: z.string().optional(),
    write: z.boolean().optional(),
    trust: z.array(z.string()).optional(),
    strict: z.boolean().optional(),
  }),
);

/**
 * What the plugin's option `registry` in nx.json and the environment say together: DEBIAN_IMAGE_REGISTRY names the repository (`none` for none)
 * and DEBIAN_IMAGE_REGISTRY_WRITE (`yes`, `no`) whether to write, both over nx.json; DEBIAN_IMAGE_REGISTRY_KEY is a private key or its file.
 * Undefined where nothing is to be exchanged. Failures: `invalid`, `not-found`.
 */
export async function exchangeSettings(option: unknown, environment: NodeJS.ProcessEnv): Promise<ExchangeSettings | undefined> {
  const said = parseOption(option ?? {});
  const named = environment['DEBIAN_IMAGE_REGISTRY'] || said.repository;
  if (named === undefined || named === '' || named === 'none') return undefined;
  const trust = said.trust?.map((line) => publicLine(parsePublicKey(line, 'nx.json: registry.trust of the plugin')));
  const write = yesOrNo(environment['DEBIAN_IMAGE_REGISTRY_WRITE']) ?? said.write ?? false;
  const [, scheme, repository = ''] = /^(?:(https?):\/\/)?(.*)$/.exec(named) ?? [];
  return {
    repository,
    plainHttp: scheme === undefined ? undefined : scheme === 'http',
    write,
    strict: said.strict ?? false,
    trust,
    key: write ? await privateKey(environment['DEBIAN_IMAGE_REGISTRY_KEY']) : undefined,
  };
}

function parseOption(option: unknown): z.infer<typeof optionSchema> {
  const parsed = optionSchema.safeParse(option);
  if (parsed.success) return parsed.data;
  throw new Failure('invalid', 'this does not say where results are exchanged', {
    where: 'nx.json: registry of the plugin',
    hint: 'Write "registry.example/team/images", or an object with repository, write, trust and strict; see docs/teams.md.',
  });
}

function yesOrNo(text: string | undefined): boolean | undefined {
  if (text === undefined || text === '') return undefined;
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new Failure('invalid', 'DEBIAN_IMAGE_REGISTRY_WRITE is neither yes nor no');
}

async function privateKey(said: string | undefined): Promise<KeyObject | undefined> {
  if (said === undefined || said === '') return undefined;
  if (said.includes('-----BEGIN')) return parsePrivateKey(said, 'DEBIAN_IMAGE_REGISTRY_KEY');
  try {
    return parsePrivateKey(await readFile(said, 'utf8'), said);
  } catch (error) {
    if (error instanceof Failure) throw error;
    // not named: it may be a key that was meant otherwise
    throw new Failure('not-found', 'DEBIAN_IMAGE_REGISTRY_KEY names no file that can be read, and is no key', {
      hint: 'Set it to the private key (PEM) itself or to its file; `npx nx-debian-image key` makes one.',
    });
  }
}
