import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type ImageService, loadCloud, publish } from './index.ts';
import { type Glance, startGlance } from './testing/glance.ts';
import { type Keystone, startKeystone } from './testing/keystone.ts';
import { openstack } from './testing/openstack-client.ts';
import { productOf } from './testing/product.ts';

// A real Keystone with https and an authority of its own, and a real Glance that asks it.
let folder: string;
let keystone: Keystone;
let glance: Glance;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keystone-'));
  for (const name of ['keystone', 'glance']) await mkdir(join(folder, name));
  keystone = await startKeystone({ folder: join(folder, 'keystone'), tls: true });
  glance = await startGlance({ folder: join(folder, 'glance'), keystone });
});
afterAll(async () => {
  await glance.stop();
  await keystone.stop();
  await rm(folder, { recursive: true });
});

const logIn = async (cloud: string | undefined, env: Record<string, string> = {}): Promise<ImageService> => {
  const all = { OS_CLIENT_CONFIG_FILE: keystone.cloudsYaml, ...env };
  return connect(await loadCloud({ env: all, cwd: folder, home: folder, ...(cloud ? { cloud } : {}) }));
};
const list = async (cloud: string): Promise<unknown> => openstack(keystone.cloudsYaml, cloud, 'image', 'list', '-f', 'json');
const variables = { OS_AUTH_URL: '', OS_CACERT: '', OS_PROJECT_NAME: 'demo', OS_PROJECT_DOMAIN_ID: 'default', OS_REGION_NAME: 'RegionOne' };

describe('logging in', () => {
  beforeAll(() => Object.assign(variables, { OS_AUTH_URL: keystone.url, OS_CACERT: keystone.caFile }));

  it.each(['demo', 'demo-credential'])('as %s, from clouds.yaml', async (cloud) => {
    const service = await logIn(cloud);
    expect(service.projectId).toMatch(/^[\da-f]{32}$/);
    expect(await service.list({})).toEqual([]);
  });

  it('with a token or a password of the OS_* variables', async () => {
    const { id } = (await openstack(keystone.cloudsYaml, 'demo', 'token', 'issue', '-f', 'json')) as { id: string };
    const { projectId } = await logIn('demo');
    expect((await logIn(undefined, { ...variables, OS_AUTH_TYPE: 'v3token', OS_TOKEN: id })).projectId).toBe(projectId);
    expect((await logIn(undefined, { ...variables, OS_USERNAME: 'demo', OS_PASSWORD: 'demo' })).projectId).toBe(projectId);
  });

  it('fails with the words of Keystone, or says that the authority is unknown', async () => {
    const wrong = { ...variables, OS_USERNAME: 'demo', OS_PASSWORD: 'wrong' };
    await expect(logIn(undefined, wrong)).rejects.toMatchObject({
      reason: 'refused',
      said: 'The request you have made requires authentication.',
    });
    await expect(logIn(undefined, { ...wrong, OS_CACERT: '' })).rejects.toMatchObject({
      reason: 'unreachable',
      hint: expect.stringContaining('cacert'),
    });
    await expect(logIn(undefined, { ...wrong, OS_PASSWORD: 'demo', OS_REGION_NAME: 'Nowhere' })).rejects.toMatchObject({
      reason: 'not-found',
      message: expect.stringContaining('there is: '),
    });
  });

  it('renews a token that was revoked', async () => {
    const service = await logIn('demo');
    for (const state of ['--disable', '--enable']) await openstack(keystone.cloudsYaml, 'admin', 'user', 'set', state, 'demo');
    expect(await service.list({})).toEqual([]);
  });
});

describe('publishing', () => {
  it('as a member, beside an image of the same name in another project', async () => {
    await publish(await logIn('other'), productOf(folder, '0'));
    const { ids } = await publish(await logIn('demo-credential'), productOf(folder, '1'));
    expect(await list('demo')).toEqual([{ ID: ids.root, Name: 'bookworm', Status: 'active' }]);
    expect(await list('other')).toHaveLength(1);
    const changed = async (cloud: string) => (await publish(await logIn(cloud), productOf(folder, cloud === 'other' ? '0' : '1'))).changed;
    expect([await changed('demo'), await changed('other')]).toEqual([false, false]);
  });

  it('as an administrator never touches what belongs to a project', async () => {
    await publish(await logIn('admin'), productOf(folder, '2', [], { keep: 1 }));
    expect(await list('demo')).toHaveLength(1);
    const shown = (await openstack(keystone.cloudsYaml, 'demo', 'image', 'show', 'bookworm', '-f', 'json')) as { properties: object };
    expect(shown.properties).toMatchObject({ nx_debian_image_version: '1' });
  });

  it('publicly is refused to a member before any byte goes up, and granted to an administrator', async () => {
    const asked: string[] = [];
    const product = productOf(folder, '5', asked, { name: 'open', kernelText: 'public kernel' });
    const open = { ...product, common: { ...product.common, visibility: 'public' as const } };
    await expect(publish(await logIn('demo'), open)).rejects.toMatchObject({
      reason: 'refused',
      said: expect.stringContaining('publicize_image'),
    });
    expect(asked).toEqual([]);
    const { ids } = await publish(await logIn('admin'), open);
    expect(await list('demo')).toContainEqual({ ID: ids.root, Name: 'open', Status: 'active' });
    expect(await (await logIn('demo')).get(ids.kernel!)).toMatchObject({ visibility: 'public' });
  });

  it('finds its own community images again', async () => {
    const product = productOf(folder, '1', [], { name: 'community' });
    const open = { ...product, common: { ...product.common, visibility: 'community' as const } };
    const service = await logIn('demo');
    await publish(service, open);
    expect((await publish(service, open)).changed).toBe(false);
  });
});

describe('clouds.yaml is read as python-openstackclient reads it', () => {
  const text = `
clouds:
  flat: { auth: { auth_url: "http://k/v3", username: u, password: 007, project_name: p, user_domain_id: d, project_domain_id: d }, region_name: R1 }
  regions: { auth: { auth_url: "http://k/v3", username: u, password: p, tenant_name: t, domain_name: d }, regions: [R1, { name: R2, values: { interface: internal } }] }
  credential: { auth_type: v3applicationcredential, auth: { auth_url: "http://k", application_credential_id: i, application_credential_secret: s }, verify: no, cacert: /ca }
`;
  it.each([
    ['flat', {}],
    ['regions', {}],
    ['regions', { OS_REGION_NAME: 'R2' }],
    ['credential', {}],
  ])('%s %o', async (name, env: Record<string, string>) => {
    const file = join(folder, 'compared.yaml');
    await writeFile(file, text);
    const shown = (await openstack(file, name, 'configuration', 'show', '--unmask', '-f', 'json', ...regionOption(env))) as Record<
      string,
      unknown
    >;
    const cloud = await loadCloud({ env: { OS_CLIENT_CONFIG_FILE: file, ...env }, cwd: folder, home: folder, cloud: name });
    expect({ region: cloud.region ?? '', interface: cloud.interface, verify: cloud.tls.verify, cacert: cloud.tls.caFile ?? null }).toEqual({
      region: shown['region_name'],
      interface: shown['interface'],
      verify: shown['verify'],
      cacert: shown['cacert'],
    });
    expect(cloud.auth).toMatchObject(authOf(shown));
  });
});

/** The same in our words. */
function authOf(shown: Record<string, unknown>): object {
  const url = shown['auth.auth_url'];
  const id = shown['auth.application_credential_id'];
  if (id) return { type: 'application-credential', url, credential: { id }, secret: shown['auth.application_credential_secret'] };
  const domain = (of: string): object =>
    shown[`auth.${of}_domain_id`] ? { id: shown[`auth.${of}_domain_id`] } : { name: shown[`auth.${of}_domain_name`] };
  return {
    type: 'password',
    url,
    password: shown['auth.password'],
    user: { name: shown['auth.username'], domain: domain('user') },
    scope: { project: { name: shown['auth.project_name'], domain: domain('project') } },
  };
}

const regionOption = (env: Record<string, string>): string[] => (env['OS_REGION_NAME'] ? ['--os-region-name', env['OS_REGION_NAME']] : []);
