import type { Reason } from '@nx-debian-image/report';

/** What a status means. */
export interface Meaning {
  readonly reason: Reason;
  /** What the server does, behind its name: `does not allow this`. */
  readonly text: string;
  readonly hint?: string;
}

/** How one kind of server speaks, and what its users can do about it. */
export interface Dialect {
  /** The words of the body of an error. */
  readonly saidIn: (body: string) => string;
  /** What a status means to it with such a body, where that is more than `usualMeaning` says. */
  readonly meaningOf: (status: number, body: string) => Partial<Meaning>;
  readonly hints: {
    /** Its certificate is not trusted. */
    readonly untrusted: string;
    /** It speaks something else. */
    readonly notUnderstood: string;
    /** It cannot be reached, or breaks off. */
    readonly unreachable: string;
  };
}

const failed: Meaning = { reason: 'server-error', text: 'failed' };
const unexpected: Meaning = { reason: 'server-error', text: 'answered something unexpected' };
const usual: Readonly<Record<number, Meaning>> = {
  401: { reason: 'refused', text: 'does not accept who we are' },
  403: { reason: 'refused', text: 'does not allow this' },
  404: { reason: 'not-found', text: 'has no such thing' },
  413: { reason: 'over-quota', text: 'finds it too large' },
  429: { reason: 'server-error', text: 'has had too many requests', hint: 'Try again later.' },
};

/** What a status means to any server. */
export function usualMeaning(status: number): Meaning {
  return usual[status] ?? (status >= 500 ? failed : unexpected);
}
