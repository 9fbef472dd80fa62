export {
  type Artifact,
  type ArtifactDraft,
  type ArtifactTexts,
  artifactType,
  blobNamed,
  readArtifact,
  removeArtifact,
  restoreArtifact,
  writeArtifact,
} from './artifact.ts';
export { canonicalJson } from './canonical-json.ts';
export { digestOf, type Hashed, hashFile, hashing, hexOf, isDigest } from './digest.ts';
export { inFolder } from './file-errors.ts';
export { type Remove, removeLeftovers, removePlainly } from './leftovers.ts';
export { holdLock, type Lock, type LockOptions } from './lock.ts';
export { type Descriptor, type Digest, type Manifest, octetStream, titleAnnotation } from './manifest.ts';
export { isAlive, ownedName, ownerOf } from './owner.ts';
export { parseJson } from './parse-json.ts';
export { parseManifest } from './parse-manifest.ts';
export { blobsOf, isDescriptor, referenced } from './references.ts';
export { copySparse } from './sparse-file.ts';
export { type PutOptions, type Scratch, Store, type StoreOptions } from './store.ts';
export { note, recall, remember } from './memo.ts';
export * from './collect/index.ts';
