export { locationOf } from './location.ts';
export { openTransport, usualLimits } from './transport.ts';
