export { type Connector, connectorFor, type Way } from './connector.ts';
export { type Proxies, proxiesOf } from './proxies.ts';
export { SilenceError } from './silence.ts';
