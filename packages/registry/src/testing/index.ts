export { type RunningRegistry, startRegistry, testUser, type StartOptions } from './registry.ts';
