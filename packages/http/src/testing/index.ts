export { type Certificates, makeCertificate, makeCertificates } from './certificates.ts';
export { listen } from './server.ts';
