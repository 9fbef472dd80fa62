import { verifyImage } from '@nx-debian-image/debian-image/verify';
import { recording } from '../reasons/record.ts';
import { executeWith } from './execute.ts';

export default recording('verify', executeWith(verifyImage));
