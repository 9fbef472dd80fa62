export type { Exchange } from './exchange.ts';
export { newPrivateKey, parsePrivateKey, privateText, publicLine } from './keys.ts';
export { type ExchangeRequest, openExchange } from './open.ts';
