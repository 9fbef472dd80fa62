import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCloud } from './load.ts';

let cwd: string;
let home: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'clouds-'));
  home = join(cwd, 'home');
  await mkdir(join(home, '.config/openstack'), { recursive: true });
});
afterEach(() => rm(cwd, { recursive: true }));
const load = (env: Record<string, string> = {}, cloud?: string) =>
  loadCloud({ env: { XDG_CONFIG_DIRS: join(cwd, 'none'), ...env }, cwd, home, ...(cloud ? { cloud } : {}) });
const write = (name: string, text: string) => writeFile(join(cwd, name), text);

const two = `
clouds:
  prod:
    auth: { auth_url: "https://cloud:5000/v3", username: u, password: p, project_name: images, domain_name: corp }
    regions: [north, { name: south, values: { interface: internal, image_endpoint_override: "https://south/v2" } }]
    verify: no
    cacert: ~/ca.pem
  test:
    auth_type: v3applicationcredential
    auth: { auth_url: "https://test", application_credential_id: 12, application_credential_secret: s }
    endpoint_type: internalURL
`;

describe('what is read', () => {
  it('takes the only cloud there is, and the first region', async () => {
    await write('clouds.yaml', 'clouds: { one: { auth: { auth_url: http://k, username: u, password: p }, region_name: R1 } }');
    expect(await load()).toMatchObject({ name: 'one', region: 'R1', interface: 'public', from: join(cwd, 'clouds.yaml') });
  });

  it('takes the named cloud before OS_CLOUD', async () => {
    await write('clouds.yaml', two);
    expect((await load({ OS_CLOUD: 'prod' })).name).toBe('prod');
    expect((await load({ OS_CLOUD: 'prod' }, 'test')).name).toBe('test');
  });

  it('reads domains, TLS and the values of a region', async () => {
    await write('clouds.yaml', two);
    expect(await load({ OS_CLOUD: 'prod', OS_REGION_NAME: 'south' })).toMatchObject({
      region: 'south',
      interface: 'internal',
      imageEndpoint: 'https://south/v2',
      tls: { verify: false, caFile: join(home, 'ca.pem') },
      auth: {
        type: 'password',
        user: { name: 'u', domain: { name: 'corp' } },
        scope: { project: { name: 'images', domain: { name: 'corp' } } },
      },
    });
  });

  it('reads an application credential and an old-fashioned interface', async () => {
    await write('clouds.yaml', two);
    expect(await load({}, 'test')).toMatchObject({
      interface: 'internal',
      auth: { type: 'application-credential', credential: { id: '12' }, secret: 's' },
    });
  });

  it('merges secure.yaml over it, and prefers the working folder to the home', async () => {
    await write('clouds.yml', 'clouds: { one: { auth: { auth_url: http://k, username: u } } }');
    await write('secure.json', '{"clouds": {"one": {"auth": {"password": "secret"}}}}');
    await writeFile(join(home, '.config/openstack/clouds.yaml'), 'clouds: { other: {} }');
    expect(await load()).toMatchObject({ name: 'one', auth: { user: { name: 'u', domain: { id: 'default' } }, password: 'secret' } });
  });

  it('falls through a missing OS_CLIENT_CONFIG_FILE, as openstacksdk does', async () => {
    await write('clouds.yaml', two);
    expect((await load({ OS_CLIENT_CONFIG_FILE: join(cwd, 'gone.yaml') }, 'test')).name).toBe('test');
  });

  it('takes the settings of a profile from clouds-public.yaml', async () => {
    await write('clouds-public.yaml', 'public-clouds: { vendor: { auth: { auth_url: http://vendor }, region_name: V1 } }');
    await write('clouds.yaml', 'clouds: { mine: { profile: vendor, auth: { username: u, password: p } } }');
    expect(await load()).toMatchObject({ region: 'V1', auth: { url: 'http://vendor' } });
  });

  it('takes no Keystone where there is none', async () => {
    await write('clouds.yaml', 'clouds: { g: { auth_type: none, auth: { endpoint: http://glance } } }');
    expect((await load()).auth).toEqual({ type: 'none', endpoint: 'http://glance', token: undefined });
  });
});

describe('OS_* variables', () => {
  const openrc = { OS_AUTH_URL: 'http://k:5000', OS_USERNAME: 'u', OS_PASSWORD: 'p', OS_TENANT_NAME: 't', OS_USER_DOMAIN_NAME: 'd' };

  it('form a cloud, which comes before those of a file unless one is named', async () => {
    await write('clouds.yaml', two);
    expect(await load(openrc)).toMatchObject({
      name: 'envvars',
      from: 'the OS_* variables',
      auth: { user: { name: 'u', domain: { name: 'd' } }, scope: { project: { name: 't' } } },
    });
    expect((await load(openrc, 'test')).name).toBe('test');
    expect((await load({ ...openrc, OS_CLOUD: 'envvars' })).name).toBe('envvars');
  });

  it('form one of a token, or of nothing but an endpoint', async () => {
    const token = { OS_TOKEN: 't', OS_AUTH_URL: 'http://k', OS_PROJECT_ID: 'id' };
    expect((await load(token)).auth).toMatchObject({ type: 'token', token: 't', scope: { project: { id: 'id' } } });
    expect((await load({ OS_AUTH_TYPE: 'none', OS_ENDPOINT: 'http://g' })).auth).toMatchObject({ type: 'none', endpoint: 'http://g' });
  });

  it('add a missing secret to a cloud of a file, and never send it elsewhere', async () => {
    await write('clouds.yaml', 'clouds: { one: { auth: { auth_url: http://k, username: u } } }');
    const cloud = await load({ ...openrc, OS_AUTH_URL: 'http://elsewhere', OS_PASSWORD: 'typed' }, 'one');
    expect(cloud.auth).toMatchObject({ url: 'http://k', password: 'typed' });
  });

  it('carry the proxies', async () => {
    expect((await load({ ...openrc, https_proxy: 'http://proxy:3128', no_proxy: 'local' })).proxies).toEqual({
      http: undefined,
      https: 'http://proxy:3128',
      except: 'local',
    });
  });
});

describe('what is wrong', () => {
  it.each<[string, string, Record<string, string>, string | undefined, Record<string, string | RegExp>]>([
    ['an unknown cloud', two, {}, 'prd', { reason: 'not-found', message: /"prd"; there are: prod, test/, hint: /did you mean "prod"/ }],
    ['no choice', two, {}, undefined, { reason: 'not-found', message: /no OpenStack cloud is chosen; there are: prod, test/ }],
    ['no such region', two, { OS_REGION_NAME: 'nort' }, 'prod', { message: /has no region "nort"; it has: north, south/ }],
    ['bad YAML', 'clouds:\n  a: [\n  b: {', {}, 'a', { reason: 'invalid', where: /clouds\.yaml:\d+:\d+/ }],
    ['a cloud that is text', 'clouds:\n  a: text\n', {}, 'a', { reason: 'invalid', where: /clouds\.yaml:2/, message: /clouds\.a/ }],
    [
      'a missing password',
      'clouds: { a: { auth: { auth_url: http://x, username: u } } }',
      {},
      'a',
      { message: /password is missing/, hint: /OS_PASSWORD/ },
    ],
    [
      'an address without http',
      'clouds: { a: { auth: { auth_url: "cloud:5000", username: u, password: p } } }',
      {},
      'a',
      { reason: 'invalid', message: /auth_url is no address: cloud:5000/ },
    ],
    ['an unknown kind', 'clouds: { a: { auth_type: v3oidc } }', {}, 'a', { reason: 'invalid', message: /"v3oidc" is not supported/ }],
    ['a name twice', 'clouds: { envvars: {} }', {}, undefined, { reason: 'invalid', hint: /OS_CLOUD_NAME/ }],
  ])('%s', async (_, text, env, cloud, told) => {
    await write('clouds.yaml', text);
    const wanted = Object.entries(told).map(([key, value]) => [key, expect.stringMatching(value)]);
    await expect(load(env, cloud)).rejects.toMatchObject({ name: 'Failure', ...Object.fromEntries(wanted) });
  });

  it('names the files that were looked for where there is nothing', async () => {
    await expect(load()).rejects.toMatchObject({ reason: 'not-found', where: expect.stringContaining(join(cwd, 'clouds.yaml')) });
  });
});
