import { parseJson } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import { z } from 'zod';
import type { Credentials } from './credentials.ts';

/**
 * Starts a program with the argument `get` and this on its standard input, and gives what it says on standard output, and its status.
 * Programs are not started here: who opens a repository says how.
 */
export type AskHelper = (program: string, input: string) => Promise<{ readonly stdout: string; readonly status: number }>;

const answer = z.object({ Username: z.string(), Secret: z.string() });
/** What helpers call an identity token (docker-credential-helpers). */
const identityName = '<token>';

/** What the helper `docker-credential-NAME` knows of a registry; undefined where it has nothing. Failures tell nothing of what it says. */
export async function askHelperFor(
  name: string,
  registry: string,
  file: string,
  askHelper: AskHelper | undefined,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  const from = `${program} (${file})`;
  if (!/^[\w.-]+$/.test(name)) throw new Failure('invalid', `${file} names a credential helper that is no name of a program`);
  if (askHelper === undefined)
    throw new Failure('missing-tool', `${file} names the credential helper ${program}, and none can be started here`);
  const { stdout, status } = await askHelper(program, registry);
  if (status !== 0) {
    if (/credentials not found/i.test(stdout)) return undefined;
    throw new Failure('command-failed', `the credential helper ${program} failed (${status})`, {
      where: file,
      hint: `Try it yourself: printf ${registry} | ${program} get`,
    });
  }
  const parsed = answer.safeParse(parseJson(stdout));
  if (!parsed.success) throw new Failure('invalid', `the credential helper ${program} says nothing that is known`, { where: file });
  const { Username: user, Secret: secret } = parsed.data;
  return user === identityName ? { kind: 'identity', token: secret, from } : { kind: 'password', name: user, password: secret, from };
}
