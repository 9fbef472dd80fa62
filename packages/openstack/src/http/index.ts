export type { HttpRequest, HttpResponse } from './exchange.ts';
export { statusFailure } from './failures.ts';
export { jsonOf, request } from './request.ts';
export { openTransport, type Transport, type TransportLimits } from './transport.ts';
