import { posix } from 'node:path';
import type { Tree } from '@nx/devkit';
import { Failure } from '@nx-debian-image/report';
import init from './init.ts';

export interface ImageOptions {
  readonly name: string;
  readonly release?: string;
  readonly arch?: string;
  readonly directory?: string;
  readonly description?: string;
}

/** Begins an image: `DIRECTORY/NAME/image.json`, which its user goes on to edit. Fails as `invalid` on a bad or taken name. */
export default async function image(tree: Tree, options: ImageOptions): Promise<void> {
  const { name, release = 'trixie', arch = 'amd64', directory = 'images', description } = options;
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(name)) {
    throw new Failure('invalid', `"${name}" cannot name an image`, {
      hint: 'Use letters, digits, ".", "_" and "-", such as bookworm-amd64.',
    });
  }
  const folder = posix.join(directory, name);
  const file = posix.join(folder, 'image.json');
  if (tree.exists(file)) throw new Failure('invalid', `there is an image in ${folder} already`, { where: file });
  await init(tree);
  const source = {
    $schema: posix.relative(folder, 'node_modules/nx-debian-image/schemas/image.schema.json'),
    ...(description === undefined ? {} : { description }),
    release,
    arch,
    packages: ['openssh-server'],
  };
  tree.write(file, `${JSON.stringify(source, null, 2)}\n`);
}
