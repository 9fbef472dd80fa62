// Builds and publishes the first image of this workspace; `npm start` sets up what that needs before.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const image = 'bookworm-amd64';
const root = join(import.meta.dirname, '..');
const nx = join(root, 'node_modules/.bin/nx');
const built = spawnSync(nx, ['run', `${image}:upload`, '--outputStyle=stream'], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);

const { upload } = JSON.parse(readFileSync(join(root, 'images', image, 'image.json'), 'utf8'));
const catalog = resolve(root, upload?.catalog?.folder ?? 'catalog');
if (existsSync(catalog)) console.log(`\nThe image is in the catalog: ${relative(process.cwd(), catalog) || '.'}`);
