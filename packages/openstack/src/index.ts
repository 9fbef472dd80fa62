export { loadCloud, type Auth, type Cloud, type CloudRequest } from './clouds/index.ts';
export { connect, type ConnectOptions, type ImageRecord, type ImageService, type Visibility } from './image/index.ts';
export {
  publish,
  rollback,
  type Part,
  type PartName,
  type Product,
  type Published,
  type PublishOptions,
  type RolledBack,
} from './publish/index.ts';
