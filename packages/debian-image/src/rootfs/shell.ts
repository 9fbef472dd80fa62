import type { Command } from '../host/index.ts';
import { inNamespaces, type NamespaceOptions } from './namespace.ts';
import { mountTree, treeEnvironment, treeFolder, unpackTree } from './tree.ts';

export interface ShellOptions {
  /** Its `scratch` has a folder `assets`, which the tree sees read-only. */
  readonly namespace: NamespaceOptions;
  readonly epoch: number;
  /** A command for the shell of the tree, or undefined for an interactive shell. */
  readonly command: string | undefined;
  /** TERM of the person's terminal. */
  readonly terminal: string;
}

/** A shell in a tree that comes as a tar on file descriptor 3. Nothing that is done in it stays. */
export function planShell({ namespace, epoch, command, terminal }: ShellOptions): Command {
  const environment = [...treeEnvironment(epoch).filter((variable) => !variable.startsWith('TERM=')), `TERM=${terminal}`];
  const shell = command === undefined ? ['/bin/sh', '-i'] : ['/bin/sh', '-c', command];
  return inNamespaces(namespace, inside, [...environment, ...shell]);
}

const inside = `(${unpackTree}) <&3
exec 3<&-
${mountTree}
exec chroot ${treeFolder} env -i "$@"`;
