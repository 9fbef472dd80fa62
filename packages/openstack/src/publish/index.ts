export { publish, type Published, type PublishOptions } from './publish.ts';
export type { Part, PartName, Product } from './product.ts';
export { rollback, type RolledBack } from './rollback.ts';
