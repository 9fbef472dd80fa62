export { bytesOf, type HttpAnswer, piecesOf } from './answer.ts';
export { exchange } from './exchange.ts';
export { Interruption, statusFailure } from './failures.ts';
export { locationOf } from './location.ts';
export { patiently, retryAfter } from './patience.ts';
export { type FilePart, type HttpRequest, placeOf } from './request.ts';
export { type Limits, openTransport, type Transport, type TransportOptions, usualLimits } from './transport.ts';
