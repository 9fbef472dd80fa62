import type { Transport } from '@nx-debian-image/http';
import { jsonOf, request, type ServiceRequest } from '../http/index.ts';

interface Place {
  readonly url: string;
  readonly imagePort: number;
  readonly caFile: string | undefined;
}

/** Adds the image service, the users `demo` and `other`, and an application credential to a new Keystone; gives a clouds.yaml. */
export async function fillKeystone(transport: Transport, { url, imagePort, caFile }: Place): Promise<string> {
  const call = async (method: 'GET' | 'POST' | 'PUT', path: string, token: string | undefined, body?: object): Promise<Answer> => {
    const headers = { 'content-type': 'application/json', ...(token ? { 'x-auth-token': token } : {}) };
    const asked: ServiceRequest = {
      method,
      url: new URL(`${url}${path}`),
      headers,
      body: body ? JSON.stringify(body) : '',
      doing: `filling Keystone`,
    };
    const answer = await request(transport, asked);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return { token: String(answer.headers['x-subject-token']), body: answer.text ? (jsonOf(answer, asked) as Answer['body']) : {} };
  };
  const domain = { id: 'default' };
  const logIn = async (name: string): Promise<string> => {
    const identity = { methods: ['password'], password: { user: { name, domain, password: name } } };
    return (await call('POST', '/auth/tokens', undefined, { auth: { identity, scope: { project: { name, domain } } } })).token;
  };
  const admin = await logIn('admin');
  const make = async (kind: string, content: object, token = admin, path = `/${kind}s`): Promise<Named> =>
    (await call('POST', path, token, { [kind]: content })).body[kind] as Named;
  const roles = (await call('GET', '/roles', admin)).body['roles'] as unknown as Named[];
  const join = async (name: string, projectName: string, role: string): Promise<string> => {
    const project = await make('project', { name: projectName, domain_id: 'default' });
    const user = await make('user', { name, password: name, domain_id: 'default' });
    await call('PUT', `/projects/${project.id}/users/${user.id}/roles/${roles.find((each) => each.name === role)!.id}`, admin);
    return user.id;
  };
  await join('glance', 'service', 'admin');
  const demo = await join('demo', 'demo', 'member');
  await join('other', 'other', 'member');
  const service = await make('service', { name: 'glance', type: 'image' });
  for (const face of ['public', 'internal', 'admin']) {
    await make('endpoint', { service_id: service.id, interface: face, region_id: 'RegionOne', url: `http://127.0.0.1:${imagePort}` });
  }
  const path = `/users/${demo}/application_credentials`;
  const credential = await make('application_credential', { name: 'publisher', roles: [{ name: 'member' }] }, await logIn('demo'), path);
  return cloudsYaml(url, caFile, credential);
}

interface Named {
  readonly id: string;
  readonly name: string;
  readonly secret?: string;
}

interface Answer {
  readonly token: string;
  readonly body: Record<string, Named>;
}

function cloudsYaml(url: string, caFile: string | undefined, credential: Named): string {
  const place = { region_name: 'RegionOne', ...(caFile ? { cacert: caFile } : {}) };
  const domains = { user_domain_id: 'default', project_domain_id: 'default' };
  const users = ['admin', 'demo', 'other'].map((name) => {
    const auth = { auth_url: url, username: name, password: name, project_name: name, ...domains };
    return [name, { auth, ...place }] as const;
  });
  const secret = { application_credential_id: credential.id, application_credential_secret: credential.secret };
  const withSecret = { auth_type: 'v3applicationcredential', auth: { auth_url: url, ...secret }, ...place };
  const clouds = { ...Object.fromEntries(users), 'demo-credential': withSecret };
  // JSON is YAML too.
  return `${JSON.stringify({ clouds }, null, 2)}\n`;
}
