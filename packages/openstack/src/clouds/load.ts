import { readFile } from 'node:fs/promises';
import { proxiesOf } from '@nx-debian-image/http';
import { readAuth } from './auth.ts';
import { chooseCloud } from './choose.ts';
import type { Cloud } from './cloud.ts';
import { additionsOfVariables, cloudOfVariables } from './environment.ts';
import { type CloudsFile, isSettings, merge, parseClouds, type Settings } from './parse.ts';
import { places, type Surroundings } from './places.ts';
import { readerOf } from './reader.ts';
import { chooseRegion } from './region.ts';

export interface CloudRequest extends Surroundings {
  /** Name of the cloud; otherwise OS_CLOUD, the OS_* variables or the only cloud there is. */
  readonly cloud?: string;
}

/**
 * The cloud that is meant, read from clouds.yaml, secure.yaml and the OS_* variables as openstacksdk reads them.
 * Failure `not-found` (no such cloud or region) or `invalid` (bad YAML, a part missing), with the file.
 */
export async function loadCloud(request: CloudRequest): Promise<Cloud> {
  const { env } = request;
  const main = await readFirst(places('clouds', request));
  const secure = await readFirst(places('secure', request));
  const clouds = merge(main?.content.clouds ?? {}, secure?.content.clouds ?? {}) as Record<string, Settings>;
  const choice = chooseCloud({
    clouds,
    variables: cloudOfVariables(env),
    env,
    wanted: request.cloud,
    file: main?.file,
    looked: places('clouds', request),
  });
  const from = choice.ofVariables ? 'the OS_* variables' : (main?.file ?? secure!.file);
  const profiled = merge(await profileOf(choice.settings, request), choice.settings);
  const region = chooseRegion(profiled, env['OS_REGION_NAME'] || undefined, choice.name);
  const settings = merge(profiled, region.values);
  return resolveCloud(choice.ofVariables ? settings : fill(settings, additionsOfVariables(env)), {
    name: choice.name,
    from,
    region: region.name,
    env,
    home: request.home,
  });
}

interface Named {
  readonly name: string;
  readonly from: string;
  readonly region: string | undefined;
  readonly env: Surroundings['env'];
  readonly home: string;
}

/** Turns the settings of one cloud in one region into a Cloud. Failure `invalid` where a part is missing. */
function resolveCloud(settings: Settings, { name, from, region, env, home }: Named): Cloud {
  const read = readerOf(settings, name, from);
  const path = (key: string): string | undefined => read.text(key)?.replace(/^~(?=\/)/, home);
  return {
    name,
    from,
    auth: readAuth(read, name),
    region,
    interface: (read.text('image_interface', 'interface', 'image_endpoint_type', 'endpoint_type') ?? 'public').replace(/URL$/, ''),
    imageEndpoint: read.address('image_endpoint_override'),
    tls: {
      verify: read.flag('verify', true) && !read.flag('insecure', false),
      caFile: path('cacert'),
      certFile: path('cert'),
      keyFile: path('key'),
    },
    proxies: proxiesOf(env),
  };
}

/** Adds what neither the cloud nor its `auth` says. */
function fill(settings: Settings, additions: Settings): Settings {
  const auth = isSettings(settings['auth']) ? settings['auth'] : {};
  const missing = Object.entries(additions).filter(([key]) => settings[key] === undefined && auth[key] === undefined);
  return { ...settings, ...Object.fromEntries(missing) };
}

/** The settings of a `profile` (once named `cloud`), from clouds-public.yaml; nothing where there are none. */
async function profileOf(settings: Settings, request: CloudRequest): Promise<Settings> {
  const profile = settings['profile'] ?? settings['cloud'];
  if (typeof profile !== 'string') return {};
  const vendors = await readFirst(places('clouds-public', request));
  return vendors?.content['public-clouds']?.[profile] ?? {};
}

/** The first of these files that can be read; as openstacksdk, one that cannot is passed over. */
async function readFirst(files: readonly string[]): Promise<{ file: string; content: CloudsFile } | undefined> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return { file, content: parseClouds(text, file) };
  }
  return undefined;
}
