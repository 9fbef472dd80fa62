import type { Recipe } from '../recipe.ts';
import type { Subject } from '../subject.ts';
import type { BenchWorkspace } from '../workspace.ts';
import { changedScript } from './changed-script.ts';
import { diskimageBuilder } from './diskimage-builder.ts';
import { firstBuild, nextBuild } from './first-build.ts';
import { mkosi } from './mkosi.ts';
import { mmdebstrap } from './mmdebstrap.ts';
import { unchanged } from './unchanged.ts';

/** Everything that is measured, in order: what follows a build starts from the state that the build leaves. */
export function listSubjects(workspace: BenchWorkspace, recipe: Recipe): readonly Subject[] {
  return [
    firstBuild(workspace),
    mmdebstrap(recipe, workspace.scratch),
    nextBuild(workspace),
    changedScript(workspace),
    unchanged(workspace, { daemon: false }),
    unchanged(workspace, { daemon: true }),
    mkosi(recipe, workspace.scratch),
    diskimageBuilder(recipe, workspace.scratch),
  ];
}
