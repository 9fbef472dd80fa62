export { startImage } from './start.ts';
