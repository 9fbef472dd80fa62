export type { StartOptions, TokenAuth } from './configuration.ts';
export { testUser } from './configuration.ts';
export { type RunningRegistry, startRegistry } from './registry.ts';
export { identityToken, startTokenServer, type TokenServer } from './token-server.ts';
