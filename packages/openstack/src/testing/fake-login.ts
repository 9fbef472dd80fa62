import type { Cloud } from '../clouds/index.ts';
import { connect, type ImageService } from '../image/index.ts';
import type { FakeCloud } from './fake-cloud.ts';

/** A cloud entry for a fake cloud. */
export function cloudOf(url: string, more: Partial<Cloud> = {}): Cloud {
  return {
    name: 'fake',
    from: 'clouds.yaml',
    auth: { type: 'password', url, user: { name: 'u', domain: { id: 'default' } }, password: 'p', scope: undefined },
    region: 'RegionOne',
    interface: 'public',
    imageEndpoint: undefined,
    tls: { verify: true, caFile: undefined, certFile: undefined, keyFile: undefined },
    proxies: { http: undefined, https: undefined, except: undefined },
    ...more,
  };
}

/** Logs in with short pauses. */
export function logInto(fake: FakeCloud, signal?: AbortSignal): Promise<ImageService> {
  return connect(cloudOf(fake.url), {
    ...(signal ? { signal } : {}),
    limits: { waitsMs: [5, 5], silenceMs: 5000, acceptMs: 5000, finishMs: 5000 },
  });
}
