import { z } from 'zod';
import * as pattern from './patterns.ts';

/** `remove`: what the profiles before a file have said and shall not count. */
export const removeSchema = z.strictObject({
  profiles: pattern
    .list(pattern.profileName)
    .meta({ description: 'Profiles that are left out although another profile names them.', examples: [['slim']] }),
  packages: pattern.list(pattern.packageName).meta({ description: 'Packages that are not asked for.', examples: [['vim']] }),
  locales: pattern.list(pattern.localeName).meta({ description: 'Locales that are not made.', examples: [['fr_FR.UTF-8']] }),
  modules: pattern.list(pattern.moduleName).meta({ description: 'Kernel modules that are not loaded.', examples: [['acpiphp']] }),
  files: pattern.list(pattern.absolutePath).meta({
    description: 'Files and folders that are not copied, by their `target` as it is written.',
    examples: [['/etc/motd']],
  }),
  users: pattern.list(pattern.userName).meta({ description: 'Accounts that are not made, by their `name`.', examples: [['admin']] }),
  services: pattern
    .list(pattern.serviceName)
    .meta({ description: 'Services that are left as Debian has them.', examples: [['apt-daily.timer']] }),
  scripts: pattern
    .list(pattern.relativePath)
    .meta({ description: 'Scripts that are not run, as their profile names them.', examples: [['scripts/motd.sh']] }),
});
