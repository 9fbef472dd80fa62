export { type Item, type ItemSource, type Product } from './product.ts';
export { type Publication, publish, type PublishOptions } from './publish.ts';
export { rollback, type Rollback, type RollbackOptions } from './rollback.ts';
export { compareVersions, nextVersion } from './version.ts';
export { readVersions, type Version, versionNames } from './versions.ts';
