export { architectures, releaseNames, type Architecture, type ReleaseName } from '../debian/names.ts';
export { type Flavour, flavourFor, usualFlavour, withFlavourOption } from './flavour.ts';
export type { FlavourWish } from './schema-flavour.ts';
export type { Neighbours } from './lineage.ts';
export { imageFileName, readImage } from './read.ts';
export { resolveImage, type Image, type ImageFile, type ImageScript, type User } from './resolve.ts';
export { childSchema, imageSchema, type ImageSource } from './schema.ts';
export { profileSchema } from './schema-profile.ts';
export { lineageFields, stageFields, type Stage } from './stage-fields.ts';
