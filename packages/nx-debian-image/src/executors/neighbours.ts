import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import type { Neighbours } from '@nx-debian-image/debian-image';
import { Failure } from '@nx-debian-image/report';

/** The folders of the workspace's images and profiles by their names. Failure `invalid` where two profiles, or this image and another, have one name. */
export function neighboursOf({ root, projectName, projectsConfigurations }: ExecutorContext): Neighbours {
  const folders = Object.values(projectsConfigurations.projects).map((project) => join(root, project.root));
  const own = projectName === undefined ? undefined : projectsConfigurations.projects[projectName]?.root;
  const isOwn = (folder: string): boolean => own !== undefined && folder === join(root, own);
  return {
    image: byName(foldersWith('image', folders), (one, other) => {
      if (isOwn(one) || isOwn(other)) throw sameName('image', one, other);
    }),
    profile: byName(foldersWith('profile', folders), (one, other) => {
      throw sameName('profile', one, other);
    }),
  };
}

function foldersWith(kind: 'image' | 'profile', folders: readonly string[]): string[] {
  return folders.filter((folder) => existsSync(join(folder, `${kind}.json`))).toSorted();
}

function byName(folders: readonly string[], onSame: (one: string, other: string) => void): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    const other = found.get(basename(folder));
    if (other === undefined) found.set(basename(folder), folder);
    else onSame(other, folder);
  }
  return found;
}

function sameName(kind: string, one: string, other: string): Failure {
  return new Failure('invalid', `two ${kind}s are called ${basename(one)}`, {
    where: `${one} and ${other}`,
    hint: 'Name one of the folders otherwise.',
  });
}
