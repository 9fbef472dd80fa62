export { verifyImage } from './verify.ts';
