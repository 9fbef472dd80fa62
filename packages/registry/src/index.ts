export type { Blob, TransferOptions } from './blob/blob.ts';
export type { AskHelper } from './credentials/index.ts';
export type { StoredManifest } from './manifest.ts';
export { openRepository, type Repository, type RepositoryOptions } from './repository.ts';
