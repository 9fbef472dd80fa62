export { type Access, Authorizer } from './authorizer.ts';
