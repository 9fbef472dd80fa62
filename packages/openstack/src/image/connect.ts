import type { Limits } from '@nx-debian-image/http';
import type { Cloud } from '../clouds/index.ts';
import { openTransport } from '../http/index.ts';
import { openSession } from '../identity/index.ts';
import { type ImageService, imageService } from './service.ts';

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  /** Time limits and pauses between attempts; the usual ones where not given. */
  readonly limits?: Partial<Limits>;
}

/** Logs in to a cloud and gives its image service. Failure `refused`, `unreachable`, or `not-found` (no image service in this region). */
export async function connect(cloud: Cloud, { signal, limits }: ConnectOptions = {}): Promise<ImageService> {
  return imageService(await openSession(cloud, openTransport(cloud.tls, cloud.proxies, limits), signal));
}
