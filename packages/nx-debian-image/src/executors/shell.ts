import { openShell } from '@nx-debian-image/debian-image';
import { executeWith } from './execute.ts';

export default executeWith(openShell);
