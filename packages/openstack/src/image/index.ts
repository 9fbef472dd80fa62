export { connect, type ConnectOptions } from './connect.ts';
export { difference, type ImageChanges, type ImageDraft } from './draft.ts';
export type { ImageRecord, Visibility } from './record.ts';
export type { ImageFilter, ImageService } from './service.ts';
