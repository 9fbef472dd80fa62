import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generatedFiles } from './outputs.ts';

// Writes what is generated from the schema of image.json; see outputs.ts.
const root = join(import.meta.dirname, '../..');
for (const [path, content] of generatedFiles()) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
  console.log(path);
}
