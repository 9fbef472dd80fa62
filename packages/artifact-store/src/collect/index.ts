export { collect, type Collected, type CollectOptions } from './collect.ts';
export { holdStore } from './hold.ts';
export { keepWithin } from './keep-within.ts';
export { type BlobOwner, type OwnerUsage, type StoreUsage, usageOf } from './owners.ts';
export { scanStore, type StoreContent } from './scan.ts';
