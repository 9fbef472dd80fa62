export type { Auth, Cloud, Scope, TlsFiles, UserName } from './cloud.ts';
export { loadCloud, type CloudRequest } from './load.ts';
