export { architectures, releaseNames, type Architecture, type ReleaseName } from '../debian/names.ts';
export { imageFileName, readImage } from './read.ts';
export { resolveImage, type Image, type ImageFile, type User } from './resolve.ts';
export { imageSchema, type ImageSource } from './schema.ts';
export { stageFields, type Stage } from './stage-fields.ts';
