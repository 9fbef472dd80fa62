import type { Dialect, Meaning } from '@nx-debian-image/http';
import { saidIn } from './said.ts';

const meanings: Readonly<Record<number, Partial<Meaning>>> = {
  400: { reason: 'invalid', text: 'finds the request wrong' },
  401: { hint: 'Are the password, token or application credential still valid?' },
  403: { hint: 'The role of this user does not allow it; an image that is `public` usually needs an administrator.' },
  409: { reason: 'busy', text: 'says that it is in use, or changed meanwhile' },
  413: {
    text: 'finds it too large for a quota or the store',
    hint: 'Delete images that nobody needs, or ask the administrator of the cloud for a larger quota.',
  },
  415: { reason: 'invalid', text: 'does not take this format' },
};

/** What the services of an OpenStack say, and what their users can do about it. */
export const dialect: Dialect = {
  saidIn,
  meaningOf: (status) => meanings[status] ?? {},
  hints: {
    untrusted: 'Name the file of its authority as `cacert` of the cloud in clouds.yaml, or in OS_CACERT.',
    notUnderstood: 'It does not speak this protocol: is it http:// where https:// is written, or the other way round?',
    unreachable: 'Is the address right, and is the cloud up?',
  },
};
