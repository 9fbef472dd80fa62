import { join } from 'node:path';
import { command } from '../../host/index.ts';
import type { FileSystemTools } from '../tools.ts';

/** For tests: e2fsprogs of a folder of unpacked packages, run through that folder's own loader; named by DEBIAN_IMAGE_TEST_TOOL_TREE. */
export function testTools(): FileSystemTools {
  const tree = process.env['DEBIAN_IMAGE_TEST_TOOL_TREE'];
  if (!tree) throw new Error('DEBIAN_IMAGE_TEST_TOOL_TREE must name a folder with e2fsprogs >= 1.47.1 and libarchive');
  const libraries = join(tree, 'usr/lib/x86_64-linux-gnu');
  return {
    tool: (name, args, env = {}) =>
      command(join(libraries, 'ld-linux-x86-64.so.2'), ['--library-path', libraries, join(tree, 'usr/sbin', name), ...args], { env }),
  };
}
