import { Failure } from '@nx-debian-image/report';
import { run } from '../../host/index.ts';
import type { Apt } from './apt.ts';

/**
 * Fetches the lists of packages that changed since the last time and verifies their signatures. Fails as `bad-signature`,
 * `bad-digest`, `unreachable` or `not-found` (the mirror has no such suite).
 */
export async function updateLists(apt: Apt, signal: AbortSignal): Promise<void> {
  await run(apt.call('apt-get', ['update', '-q']), {
    doing: 'fetching the package lists',
    signal,
    timeoutSeconds: 600,
    explain: explainUpdate,
  });
}

const causes = [
  {
    reason: 'bad-signature',
    pattern:
      /NO_PUBKEY|BADSIG|EXPKEYSIG|REVKEYSIG|is not signed|signatures couldn't be verified|signatures were invalid|sqv returned an error/i,
    message: 'the signature of the archive does not verify',
    hint: 'A wrong signature stops the build. Check the mirror, install.keyring in image.json, DEBIAN_IMAGE_KEYRING, or the package debian-archive-keyring.',
  },
  {
    reason: 'bad-signature',
    pattern: /Release file for \S+ is (expired|not valid yet)/i,
    message: 'the signed lists of the archive are not of this time',
    hint: 'The mirror is no longer kept up to date, or the clock of this machine is wrong.',
  },
  {
    reason: 'bad-digest',
    pattern: /Hash Sum mismatch|has unexpected size/i,
    message: 'the mirror has other lists than those that are signed',
    hint: 'The mirror may be in the middle of an update, or tampered with. Try again in a few minutes.',
  },
  {
    reason: 'not-found',
    pattern: /does not have a Release file|404\s+Not Found/i,
    message: 'the mirror does not have one of the suites',
    hint: 'Check release, install.mirror and install.pockets in image.json.',
  },
  {
    reason: 'unreachable',
    pattern:
      /Could not resolve|Temporary failure|Could not connect|Unable to connect|Connection (failed|timed out|refused)|Connection broken|Undetermined Error|Failed to fetch/i,
    message: 'the mirror cannot be reached',
    hint: 'Check the network, or name another mirror in install.mirror of image.json or in DEBIAN_IMAGE_MIRROR.',
  },
] as const;

/** The clearer failure for what `apt-get update` said, or undefined where it is something else. */
export function explainUpdate(said: string): Failure | undefined {
  const cause = causes.find(({ pattern }) => pattern.test(said));
  if (!cause) return undefined;
  const lines = said.split('\n').filter((line) => /^(E|W|Err)[: ]/.test(line.trim()));
  return new Failure(cause.reason, `fetching the package lists: ${cause.message}`, { said: lines.slice(-4).join('\n'), hint: cause.hint });
}
