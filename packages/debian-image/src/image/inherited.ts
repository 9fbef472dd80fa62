import type { Problem } from './problems.ts';
import type { Image } from './resolve.ts';

/** What an image says against the tree that it starts from, which cannot be taken back there. */
export function findInherited(image: Image, parent: Image): Problem[] {
  const fixed = (['release', 'arch', 'kernel'] as const).flatMap((field) =>
    image[field] === parent[field]
      ? []
      : [{ path: field, message: `must be that of ${parent.name}, "${parent[field]}", whose tree this image starts from; leave it out` }],
  );
  const kept = (['network', 'console', 'growRoot'] as const).flatMap((field) =>
    image[field] === parent[field] || parent[field] === 'none' || parent[field] === false
      ? []
      : [
          {
            path: field,
            message: `cannot be ${JSON.stringify(image[field])}: ${parent.name}, which this image starts from, has set it up`,
          },
        ],
  );
  const disk =
    parent.install.method === 'installer'
      ? [{ path: 'from', message: `${parent.name} is made by debian-installer: a disk, not a tree that another image could start from` }]
      : [];
  return [...disk, ...fixed, ...kept];
}
