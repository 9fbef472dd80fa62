// Makes the bundle that the plugin is packed with: `npm run build`.
import { join } from 'node:path';
import { bundleExecutors } from './bundle.mjs';

const packages = join(import.meta.dirname, '../../packages');
await bundleExecutors(packages, join(packages, 'nx-debian-image/dist/bundle'));
