import { expectUpload } from '../state.ts';
import type { Subject } from '../subject.ts';
import { type BenchWorkspace, imageName, writeScript } from '../workspace.ts';

/** One line of one configure script is changed in an image that has been built. */
export function changedScript(workspace: BenchWorkspace): Subject {
  return {
    name: 'changed-script',
    title: 'a changed configure script: to the new triplet in the catalog',
    aim: '12 s',
    prepare: (round) => writeScript(workspace, `changed ${round}`),
    command: () => workspace.nx(['run', `${imageName}:upload`], false),
    check: () => expectUpload(workspace, 'publish'),
  };
}
