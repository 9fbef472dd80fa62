export {
  type Blob,
  openRepository,
  type Repository,
  type RepositoryOptions,
  type StoredManifest,
  type TransferOptions,
} from './repository.ts';
