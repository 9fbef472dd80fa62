import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blobNamed, type Descriptor, Store } from '@nx-debian-image/artifact-store';
import type { Repository } from '@nx-debian-image/registry';
import { silent } from '@nx-debian-image/report';
import { imageSchema, resolveImage } from '../../image/index.ts';
import { Build, type BuiltStage, builtStages, type Maker } from '../../pipeline/build.ts';
import { Exchange } from '../exchange.ts';
import type { ExchangeSettings } from '../settings.ts';

/** What is different about a machine. */
export interface MachineOptions {
  readonly folder: string;
  readonly repository: Repository;
  readonly settings?: Partial<ExchangeSettings>;
  /** What install gives; other content is another key, as it is in Nx. */
  readonly content?: string;
  readonly signal?: AbortSignal;
}

/** A machine with a store of its own that builds an image of a few bytes. */
export interface Machine {
  readonly store: Store;
  /** The stages that were made here. */
  readonly made: BuiltStage[];
  readonly told: string[];
  /** Runs a stage as a task of Nx does, in a process of its own. */
  run(stage: BuiltStage, task?: string): Promise<void>;
  /** The build as a task has it, by the hash of the task. */
  build(task: string): Build;
  /** What a stage has left. */
  text(stage: BuiltStage): Promise<string>;
}

export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { folder, repository, content = 'packages', signal = new AbortController().signal } = options;
  const store = await Store.open(join(folder, 'store'));
  const [made, told]: [BuiltStage[], string[]] = [[], []];
  const progress = { ...silent, note: (text: string) => told.push(text), warn: (text: string) => told.push(`warning: ${text}`) };
  const makerOf =
    (stage: BuiltStage): Maker =>
    async (build) => {
      made.push(stage);
      const before = builtStages[builtStages.indexOf(stage) - 1];
      const below = before === undefined ? undefined : blobNamed(await build.complete(before), before);
      const text = below === undefined ? content : await readFile(store.blobPath(below.digest), 'utf8');
      const descriptor = await store.putBytes(`${stage} of ${text} ${'and more'.repeat(1000)}`, 'text/plain');
      const layers: readonly Descriptor[] = stage === 'configure' ? [below!, descriptor] : [];
      return { stage, config: { layers }, blobs: [{ name: stage, descriptor }] };
    };
  const makers = Object.fromEntries(builtStages.map((stage) => [stage, makerOf(stage)])) as Record<BuiltStage, Maker>;
  const image = resolveImage(imageSchema.parse({ release: 'bookworm' }), folder, 'example');
  const usual = { repository: repository.name, plainHttp: undefined, write: true, strict: false, trust: undefined, key: undefined };
  const settings: ExchangeSettings = { ...usual, ...options.settings };
  const build = (task: string): Build => {
    const exchange = new Exchange({ settings, open: () => repository, task, store, progress, signal });
    return new Build({ image, store, artifacts: join(folder, 'dist'), progress, signal, environment: {}, makers, exchange });
  };
  return {
    store,
    made,
    told,
    build,
    async run(stage, task = `${content.length}${stage.length}`) {
      const own = build(task);
      if ((await own.take(stage)) === undefined) await own.give(stage, await own.make(stage));
    },
    async text(stage) {
      const artifact = await build('0').complete(stage);
      return readFile(store.blobPath(blobNamed(artifact, stage).digest), 'utf8');
    },
  };
}
