import type { Store } from '@nx-debian-image/artifact-store';
import { type AskHelper, openRepository } from '@nx-debian-image/registry';
import type { Progress } from '@nx-debian-image/report';
import { askCredentialHelper } from '../host/credential-helper.ts';
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
  const { environment } = around;
  const task = environment['NX_TASK_HASH'];
  const settings = await exchangeSettings(registry, environment);
  if (!task || settings === undefined) return undefined;
  const { repository, plainHttp } = settings;
  const askHelper: AskHelper = (program, input) => askCredentialHelper(environment, program, input);
  const options = { ...around, askHelper, ...(plainHttp === undefined ? {} : { plainHttp }) };
  return new Exchange({ ...around, settings, task, store, open: () => openRepository(repository, options) });
}
