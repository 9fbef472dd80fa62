import type { NxJsonConfiguration } from '@nx/devkit';

/** What nx.json may say beside the plugin's name. */
export interface PluginOptions {
  /** The folder of blobs that all images of the workspace share. */
  readonly store?: string;
  /** What that folder may keep on the disk, such as `20GiB`, or `none`. No option of a target: it decides no image. */
  readonly storeLimit?: string;
  /** The folder that upload publishes to. */
  readonly catalog?: string;
}

/** The options of this plugin in an nx.json; none where it is named without any, or not at all. */
export function pluginOptions({ plugins = [] }: Pick<NxJsonConfiguration, 'plugins'>): PluginOptions {
  const found = plugins.find((plugin) => typeof plugin === 'object' && plugin.plugin === 'nx-debian-image/plugin');
  return typeof found === 'object' ? ((found.options ?? {}) as PluginOptions) : {};
}
