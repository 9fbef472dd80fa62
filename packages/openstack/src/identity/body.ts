import type { Auth, Scope, UserName } from '../clouds/index.ts';

/** The body of `POST /v3/auth/tokens` (Identity API v3). An application credential brings its own scope and may be given none. */
export function authBody(auth: Exclude<Auth, { type: 'none' }>): object {
  switch (auth.type) {
    case 'password':
      return scoped({ methods: ['password'], password: { user: { ...userBody(auth.user), password: auth.password } } }, auth.scope);
    case 'token':
      return scoped({ methods: ['token'], token: { id: auth.token } }, auth.scope);
    case 'application-credential': {
      const { credential, secret } = auth;
      const who = 'id' in credential ? { id: credential.id } : { name: credential.name, user: userBody(credential.user) };
      return scoped({ methods: ['application_credential'], application_credential: { ...who, secret } }, undefined);
    }
  }
}

function scoped(identity: object, scope: Scope | undefined): object {
  return { auth: { identity, ...(scope ? { scope } : {}) } };
}

function userBody(user: UserName): object {
  return 'id' in user ? { id: user.id } : { name: user.name, domain: user.domain };
}
