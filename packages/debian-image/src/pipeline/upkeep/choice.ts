import { type Below, besideOf } from '../../stages/install/below.ts';
import type { ChooseOptions } from '../../stages/install/choose.ts';
import { belowOf } from '../below.ts';
import type { Build } from '../build.ts';
import { hostArchitecture } from '../host-architecture.ts';

/** What apt is to choose for an image today. */
export interface Choice {
  readonly options: ChooseOptions;
  /** The tree that it starts from, if any; then only what it adds is chosen. */
  readonly below: Below | undefined;
  /** Whether it adds nothing, so that apt need not be asked. */
  readonly nothing: boolean;
}

/** What apt is to choose for the image of a build: a whole system, or what it adds to the tree of the image that it starts from. */
export async function choiceFor(build: Build): Promise<Choice> {
  const options = { ...build, hostArchitecture: await hostArchitecture(build.signal) };
  if (build.parent === undefined) return { options, below: undefined, nothing: false };
  const below = await belowOf(build.parent);
  const beside = await besideOf(below, options);
  return { options: { ...options, beside }, below, nothing: beside.wanted.length === 0 };
}
