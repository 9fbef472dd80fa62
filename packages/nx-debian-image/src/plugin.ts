import { dirname } from 'node:path';
import type { CreateNodesV2 } from '@nx/devkit';
export const name = 'nx-debian-image';
export const createNodes: CreateNodesV2 = [
  'images/*/image.json',
  (files) =>
    files.map((f) => [
      f,
      {
        projects: {
          [dirname(f)]: {
            name: dirname(f).split('/')[1]!,
            targets: {
              install: { executor: 'nx-debian-image:install', cache: false },
              b: { executor: 'nx-debian-image:install', dependsOn: ['install'] },
              c: { executor: 'nx-debian-image:install', dependsOn: ['b'] },
            },
          },
        },
      },
    ]),
];
export const createNodesV2 = createNodes;
