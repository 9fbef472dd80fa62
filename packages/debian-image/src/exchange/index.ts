export type { Exchange } from './exchange.ts';
export { keyInFile, usualKeyFile } from './key-file.ts';
export { type ExchangeRequest, openExchange } from './open.ts';
