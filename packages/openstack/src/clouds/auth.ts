import { Failure, suggest } from '@nx-debian-image/report';
import type { Auth, Domain, Scope, UserName } from './cloud.ts';
import type { Reader } from './reader.ts';

/** Names of keystoneauth1's plugins, and the kind of proof that each is. */
const kinds: Readonly<Record<string, Auth['type']>> = {
  password: 'password',
  v3password: 'password',
  token: 'token',
  v3token: 'token',
  v3applicationcredential: 'application-credential',
  none: 'none',
  admin_token: 'none',
  token_endpoint: 'none',
};

/** How a cloud is to be asked for a token. Failure `invalid` where the kind is unknown or a part is missing. */
export function readAuth(read: Reader, cloud: string): Auth {
  const name = read.text('auth_type', 'auth_plugin') ?? defaultType(read);
  const type = kinds[name.toLowerCase()];
  if (type === undefined) {
    throw new Failure('invalid', `cloud "${cloud}": auth_type "${name}" is not supported; these are: ${Object.keys(kinds).join(', ')}`, {
      where: `clouds.${cloud}.auth_type`,
      hint: suggest(name, Object.keys(kinds)) ?? 'An application credential works with every identity provider: v3applicationcredential.',
    });
  }
  const url = (): string => read.address('auth_url') ?? read.need('auth_url');
  switch (type) {
    case 'none':
      return { type, endpoint: read.address('image_endpoint_override', 'endpoint') ?? read.need('endpoint'), token: read.text('token') };
    case 'password':
      return { type, url: url(), user: readUser(read), password: read.need('password'), scope: readScope(read) };
    case 'token':
      return { type, url: url(), token: read.need('token', 'auth_token'), scope: readScope(read) };
    case 'application-credential': {
      const id = read.text('application_credential_id');
      const credential = id
        ? { id }
        : { name: read.need('application_credential_name', 'application_credential_id'), user: readUser(read) };
      return { type, url: url(), credential, secret: read.need('application_credential_secret') };
    }
  }
}

/** python-openstackclient takes a token where there is one and no user name. */
function defaultType(read: Reader): string {
  if (read.text('application_credential_secret') && !read.text('password')) return 'v3applicationcredential';
  return read.text('token', 'auth_token') && !read.text('username', 'user_id') ? 'token' : 'password';
}

function readUser(read: Reader): UserName {
  const id = read.text('user_id');
  return id ? { id } : { name: read.need('username', 'user_name'), domain: readDomain(read, 'user') };
}

/** The domain of the user or the project; python-openstackclient falls back to the domain whose id is `default`. */
function readDomain(read: Reader, of: 'user' | 'project'): Domain {
  const id = read.text(`${of}_domain_id`);
  const name = read.text(`${of}_domain_name`);
  if (id) return { id };
  if (name) return { name };
  return readOwnDomain(read) ?? { id: read.text('default_domain', 'default_domain_id') ?? 'default' };
}

function readOwnDomain(read: Reader): Domain | undefined {
  const id = read.text('domain_id');
  const name = read.text('domain_name');
  return id ? { id } : name ? { name } : undefined;
}

function readScope(read: Reader): Scope | undefined {
  const id = read.text('project_id', 'tenant_id');
  const name = read.text('project_name', 'tenant_name');
  if (id) return { project: { id } };
  if (name) return { project: { name, domain: readDomain(read, 'project') } };
  if (read.text('system_scope')) return { system: { all: true } };
  const domain = readOwnDomain(read);
  return domain && { domain };
}
