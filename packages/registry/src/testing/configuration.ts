import { join } from 'node:path';

/** Who may log in to a registry with `auth: 'htpasswd'`. */
export const testUser = { name: 'tester', password: 'open sesame' };
/** The same as htpasswd(1) writes it with bcrypt. */
export const passwords = `${testUser.name}:$2b$04$8TtezSuVKMvB9QS7nvR9SeZMZeloBk88I6YeC3TlRgflGqqT.U3Mq\n`;

/** A token server whose word a registry takes. */
export interface TokenAuth {
  /** Its address. */
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** The certificate of the key that signs its tokens, PEM. */
  readonly certificate: string;
}

export interface StartOptions {
  /** Who may come in; otherwise anybody. */
  readonly auth?: 'htpasswd' | TokenAuth;
  /** Speak https, with a certificate of its own (`ca` of what is given back). */
  readonly tls?: boolean;
  readonly readOnly?: boolean;
  /** Listen there, so that a registry that was stopped comes back at its address; otherwise anywhere. */
  readonly port?: number;
}

export interface Files {
  readonly storage: string;
  readonly passwords: string;
  readonly certificate: string;
  readonly key: string;
}

export function filesIn(folder: string): Files {
  const file = (name: string): string => join(folder, name);
  return { storage: file('storage'), passwords: file('htpasswd'), certificate: file('server.pem'), key: file('server.key') };
}

/** The configuration of docker-registry, as JSON, which is YAML too. */
export function configuration(files: Files, { auth, tls = false, readOnly = false, port = 0 }: StartOptions): string {
  return JSON.stringify({
    version: 0.1,
    log: { level: 'info', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: files.storage },
      delete: { enabled: true },
      maintenance: { readonly: { enabled: readOnly }, uploadpurging: { enabled: false } },
    },
    http: {
      addr: `127.0.0.1:${port}`,
      secret: 'the same after a restart',
      ...(tls ? { tls: { certificate: files.certificate, key: files.key } } : {}),
    },
    ...(auth === undefined ? {} : { auth: authentication(files, auth) }),
  });
}

function authentication(files: Files, auth: 'htpasswd' | TokenAuth): object {
  if (auth === 'htpasswd') return { htpasswd: { realm: 'tests', path: files.passwords } };
  const { realm, service, issuer, certificate } = auth;
  return { token: { realm, service, issuer, rootcertbundle: certificate } };
}
