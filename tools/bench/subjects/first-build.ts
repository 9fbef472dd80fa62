import { expectUpload, resetToPackages } from '../state.ts';
import type { Subject } from '../subject.ts';
import { type BenchWorkspace, imageName } from '../workspace.ts';

/** The first build of an image whose packages have been fetched: all six stages through Nx, as a job of CI runs them. */
export function firstBuild(workspace: BenchWorkspace): Subject {
  return {
    name: 'first-build',
    title: 'first build, packages fetched: six stages to the triplet in the catalog',
    aim: '1.0 × mmdebstrap, better 0.7; 1.5 GiB',
    prepare: () => resetToPackages(workspace, { unpacked: false }),
    command: () => workspace.nx(['run', `${imageName}:upload`], false),
    check: () => expectUpload(workspace, 'publish'),
  };
}

/** The same where an earlier image has left the packages uncompressed in the store. */
export function nextBuild(workspace: BenchWorkspace): Subject {
  return {
    ...firstBuild(workspace),
    name: 'next-build',
    title: 'the same, packages also uncompressed by an earlier build',
    prepare: () => resetToPackages(workspace, { unpacked: true }),
  };
}
