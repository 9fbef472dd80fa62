import { readJson, readNxJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, expect, it } from 'vitest';
import image from './image.ts';
import init from './init.ts';

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});

it('registers the plugin and keeps what it makes out of git, once', async () => {
  tree.write('.gitignore', 'node_modules\ndist');
  await init(tree);
  await init(tree);
  expect(readNxJson(tree)!.plugins).toEqual(['nx-debian-image/plugin']);
  expect(tree.read('.gitignore', 'utf8')).toBe('node_modules\ndist\n/catalog/\n.nx/\n');
});

it('begins an image that names its schema', async () => {
  await image(tree, { name: 'web', release: 'bookworm', arch: 'arm64', directory: 'images/servers', description: 'Web servers' });
  expect(readJson(tree, 'images/servers/web/image.json')).toEqual({
    $schema: '../../../node_modules/nx-debian-image/schemas/image.schema.json',
    description: 'Web servers',
    release: 'bookworm',
    arch: 'arm64',
    packages: ['openssh-server'],
  });
  expect(readNxJson(tree)!.plugins).toContain('nx-debian-image/plugin');
});

it('overwrites no image', async () => {
  await image(tree, { name: 'web' });
  await expect(image(tree, { name: 'web' })).rejects.toThrow('there is an image in images/web already');
});

it('takes no name that leads elsewhere', async () => {
  await expect(image(tree, { name: '../web' })).rejects.toThrow('"../web" cannot name an image');
});
