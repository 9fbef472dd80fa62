import type { Cloud } from '../clouds/index.ts';
import { openTransport, type TransportLimits } from '../http/index.ts';
import { openSession } from '../identity/index.ts';
import { type ImageService, imageService } from './service.ts';

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  /** Time limits and pauses between attempts; the usual ones where not given. */
  readonly limits?: Partial<TransportLimits>;
}

/** Logs in to a cloud and gives its image service. Failure `refused`, `unreachable`, or `not-found` (no image service in this region). */
export async function connect(cloud: Cloud, { signal, limits }: ConnectOptions = {}): Promise<ImageService> {
  const transport = await openTransport(cloud.tls, cloud.proxies, limits);
  return imageService(await openSession(cloud, transport, signal));
}
