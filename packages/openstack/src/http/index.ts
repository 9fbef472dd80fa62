export { failureOf, jsonOf, request, type ServiceAnswer, type ServiceRequest } from './request.ts';
export { openTransport } from './transport.ts';
