import { run } from '../../../packages/debian-image/src/host/index.ts';
import { expectUpload } from '../state.ts';
import type { Subject } from '../subject.ts';
import { type BenchWorkspace, imageName } from '../workspace.ts';

/** The same command again after a build, with nothing changed, with or without the Nx daemon. */
export function unchanged(workspace: BenchWorkspace, { daemon }: { readonly daemon: boolean }): Subject {
  const command = () => workspace.nx(['run', `${imageName}:upload`], daemon);
  return {
    name: daemon ? 'unchanged-daemon' : 'unchanged',
    title: `nothing changed, ${daemon ? 'with' : 'without'} the Nx daemon`,
    aim: daemon ? '1 s' : '2.5 s',
    async prepare() {
      // twice before: the first starts the daemon and may publish, the second finds nothing to do, which Nx then knows
      for (let time = 0; time < 2; time += 1) await run(command(), { doing: 'bringing the image up to date' });
    },
    command,
    check: () => expectUpload(workspace, 'keep'),
  };
}
