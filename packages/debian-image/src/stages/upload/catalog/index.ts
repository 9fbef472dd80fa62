export { publish } from './publish.ts';
export { rollback } from './rollback.ts';
export { nextVersion } from './version.ts';
export { versionNames } from './versions.ts';
