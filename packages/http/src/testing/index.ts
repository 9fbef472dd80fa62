export { type Certificates, makeCertificate, makeCertificates } from './certificates.ts';
export { temporaryFolder } from './folder.ts';
export { listen, type Listening } from './server.ts';
