export type { Credentials } from './credentials.ts';
export { findCredentials } from './find.ts';
export type { AskHelper } from './helper.ts';
