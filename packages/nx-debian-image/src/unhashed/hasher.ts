import { randomUUID } from 'node:crypto';
import { type CustomHasher, type Hash, hashArray, type HasherContext, type ProjectGraph, type Task, workspaceRoot } from '@nx/devkit';
import { type Catalogue, catalogueOf } from '../inference/catalogue.ts';
import { look, lookedAt, type Seen } from './look.ts';
import { together } from './together.ts';

interface Asked {
  readonly task: Task;
  /** Nx gives the variables of the task too, which its type does not say. */
  readonly context: HasherContext & { readonly env?: NodeJS.ProcessEnv };
}

/**
 * Nx's key of a task, and in it what Nx does not hash (`look`). It is looked at in every run, so a changed mode counts although no file event
 * tells the daemon of it. Of an image that the catalog does not have as noted the key is new each time: a hit of Nx's cache then means that
 * an upload with this very note has run before and found nothing to do. A runtime input would fork Nx's big process for each image.
 */
export const hasher: CustomHasher = (task, context) => hashTogether({ task, context });

/** Nx asks for one task after another; each time its own hasher would be sent the whole graph. */
const hashTogether = together(async (asked: readonly Asked[]): Promise<Hash[]> => {
  const { hasher: ofNx, projectGraph, taskGraph } = asked[0]!.context;
  const tasks = asked.map(({ task }) => task);
  const environments = Object.fromEntries(asked.map(({ task, context }) => [task.id, context.env ?? process.env]));
  const targets = tasks.map(({ target }) => {
    const { root, targets: all } = projectGraph.nodes[target.project]!.data;
    return { executor: lookedAt(all?.[target.target]?.executor)!, project: target.project, root };
  });
  const [hashes, seen] = await Promise.all([
    ofNx.hashTasks(tasks, taskGraph, environments),
    look(targets, catalogueOfGraph(projectGraph), workspaceRoot),
  ]);
  return hashes.map((hash, index) => withSeen(hash, seen[index]!));
});

const catalogues = new WeakMap<ProjectGraph, Catalogue>();

function catalogueOfGraph(graph: ProjectGraph): Catalogue {
  const known = catalogues.get(graph);
  if (known !== undefined) return known;
  const roots = Object.values(graph.nodes).map(({ data }) => data.root);
  const catalogue = catalogueOf(roots, workspaceRoot);
  catalogues.set(graph, catalogue);
  return catalogue;
}

function withSeen(hash: Hash, seen: Seen): Hash {
  const entries = Object.entries(seen).map(([name, text]) => [name, text ?? randomUUID()] as const);
  const value = hashArray([hash.value, ...entries.flat()]);
  const nodes = Object.fromEntries(entries.map(([name, text]) => [`unhashed:${name}`, hashArray([text])]));
  return { ...hash, value, details: { ...hash.details, nodes: { ...hash.details.nodes, ...nodes } } };
}
