import { readFile } from 'node:fs/promises';
import { parseJson } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import { z } from 'zod';

const account = z.object({
  auth: z.string().nullish(),
  username: z.string().nullish(),
  password: z.string().nullish(),
  identitytoken: z.string().nullish(),
});
const content = z.object({
  auths: z.record(z.string(), account.nullish()).nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: z.string().nullish(),
});

/** An entry of `auths`. */
export type Account = z.infer<typeof account>;
/** A file of credentials as docker and podman write it. */
export type AuthFile = z.infer<typeof content>;

/**
 * Reads a file of credentials; undefined where there is none. Failure `invalid`, which names the file and never what is in it, where it
 * cannot be read or is no such file.
 */
export async function readAuthFile(file: string): Promise<AuthFile | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Failure('invalid', `the credentials in ${file} cannot be read (${code})`, {
      hint: 'Make it readable for this user, or name another file in REGISTRY_AUTH_FILE.',
    });
  }
  // docker takes an empty file as one without credentials
  if (text.trim() === '') return {};
  const parsed = content.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Failure('invalid', `${file} is no file of credentials as docker and podman write it`, {
    hint: 'Mend or remove it, and log in again: docker login, podman login or skopeo login.',
  });
}
