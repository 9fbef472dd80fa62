import type { Store } from '@nx-debian-image/artifact-store';
import { type AskHelper, openRepository } from '@nx-debian-image/registry';
import { Failure, type Progress } from '@nx-debian-image/report';
import { command, run } from '../host/index.ts';
import { Exchange } from './exchange.ts';
import { exchangeSettings } from './settings.ts';

/** What a task knows that may exchange results. */
export interface ExchangeRequest {
  /** What nx.json says beside the plugin's name; see `exchangeSettings`. */
  readonly registry?: unknown;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * The exchange of a task, by the hash that Nx gives it in NX_TASK_HASH; undefined where nothing is exchanged. Failures: those of
 * `exchangeSettings`.
 */
export async function openExchange({ registry, ...around }: ExchangeRequest, store: Store): Promise<Exchange | undefined> {
  const { environment, signal } = around;
  const task = environment['NX_TASK_HASH'];
  const settings = await exchangeSettings(registry, environment);
  if (!task || settings === undefined) return undefined;
  const { repository, plainHttp } = settings;
  const options = { ...around, askHelper: askHelperWith(environment, signal), ...(plainHttp === undefined ? {} : { plainHttp }) };
  return new Exchange({ ...around, settings, task, store, open: () => openRepository(repository, options) });
}

/** Any status but 0, which a helper ends with that has nothing. */
const statuses = Array.from({ length: 255 }, (_, index) => index + 1);

/** Starts credential helpers, which find what they know by all sorts of variables; the key that signs is none of them. */
export function askHelperWith({ DEBIAN_IMAGE_REGISTRY_KEY: _key, ...environment }: NodeJS.ProcessEnv, signal: AbortSignal): AskHelper {
  return async (program, input) => {
    const env = environment as Record<string, string>;
    try {
      return await run(command(program, ['get'], { env }), { doing: 'asking for credentials', input, accept: statuses, signal });
    } catch (error) {
      // never with these variables, which the command would name
      throw error instanceof Failure ? error.at(`${program} get`) : error;
    }
  };
}
