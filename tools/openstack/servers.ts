/** A real Glance and a real Keystone on 127.0.0.1, without systemd; see packages/openstack/src/testing. */
export { freePort, startGlance, startKeystone } from '../../packages/openstack/src/testing/index.ts';
