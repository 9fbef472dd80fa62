// Installs on a host until it is killed, and says when its machine speaks: `hold-installation.ts <options as JSON>`.
import { silent } from '@nx-debian-image/report';
import { installOnHost, type LibvirtInstallationOptions } from '../install.ts';

const options = JSON.parse(process.argv[2] ?? '') as LibvirtInstallationOptions;
const progress = { ...silent, note: () => setTimeout(() => console.log('ready'), 3000) };
await installOnHost({ ...options, progress });
