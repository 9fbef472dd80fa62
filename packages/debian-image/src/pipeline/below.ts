import type { Descriptor } from '@nx-debian-image/artifact-store';
import type { Below } from '../stages/install/below.ts';
import type { Build } from './build.ts';

/** The configured tree of the image that another starts from, with all its bytes in the store. */
export async function belowOf(parent: Build): Promise<Below> {
  const configured = await parent.completeForOthers('configure');
  const { epoch, layers } = configured.config as { readonly epoch: number; readonly layers: readonly Descriptor[] };
  const installed = (await parent.artifact('install')).config as Pick<Below, 'packages' | 'tools'>;
  return { image: parent.image, layers, epoch, packages: installed.packages, tools: installed.tools };
}
