import { parseJson } from '@nx-debian-image/artifact-store';
import { type Dialect, type Meaning, shortened } from '@nx-debian-image/http';

const tooLarge = 'A registry, or a proxy before it, takes no more than some size (client_max_body_size of nginx); ask who runs it.';
const meanings: Readonly<Record<number, Partial<Meaning>>> = {
  401: { hint: 'Log in again: docker login, podman login or skopeo login.' },
  403: { hint: 'Ask for the right to pull from or push to this repository.' },
  405: { reason: 'refused', text: 'does not take this', hint: 'It may be read-only, or a mirror; push to another one, or only read.' },
  413: { hint: tooLarge },
  429: { hint: 'Try again later, or log in: many registries give more to those they know.' },
  507: { reason: 'over-quota', text: 'is full', hint: 'Make room in the registry, or ask who runs it.' },
};

/** What OCI registries say, and what their users can do about it. */
export const dialect: Dialect = {
  saidIn,
  meaningOf: (status, body) => meanings[isFull(status, body) ? 507 : status] ?? {},
  hints: {
    untrusted: 'Name the file of its authority in DEBIAN_IMAGE_REGISTRY_CA.',
    notUnderstood: 'It speaks another protocol: plain http is spoken to this machine only, or when asked, and https to all others.',
    unreachable: 'Is the name right, and is the registry up?',
  },
};

/** The storage behind a registry is full, which it tells as a fault of its own. */
function isFull(status: number, body: string): boolean {
  return status >= 500 && /no space left|ENOSPC|"Err":28\b|quota/i.test(body);
}

/** Codes and messages as OCI registries write them (`{"errors": [...]}`), else the text. */
function saidIn(body: string): string {
  return shortened((messagesIn(body) ?? body).replaceAll(/<[^>\n]*>/g, ''));
}

function messagesIn(body: string): string | undefined {
  const { errors } = (parseJson(body) ?? {}) as { errors?: unknown };
  if (!Array.isArray(errors)) return undefined;
  return errors.map((error: { code?: unknown; message?: unknown }) => [error?.code, error?.message].filter(Boolean).join(': ')).join('\n');
}
