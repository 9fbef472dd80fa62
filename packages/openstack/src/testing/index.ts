export { freePort } from './daemon.ts';
export { startGlance, type Glance, type GlanceOptions } from './glance.ts';
export { startKeystone, type Keystone, type KeystoneOptions } from './keystone.ts';
