import type { NxJsonConfiguration } from '@nx/devkit';

/** What nx.json may say beside the plugin's name. */
export interface PluginOptions {
  /** The folder of blobs that all images of the workspace share. */
  readonly store?: string;
  /** What that folder may keep on the disk, such as `20GiB`, or `none`. No option of a target: it decides no image. */
  readonly storeLimit?: string;
  /**
   * The repository of an OCI registry where machines exchange results, such as `registry.example/team/images`, or an object with more; see
   * docs/teams.md. It decides no image either.
   */
  readonly registry?: string | RegistryOptions;
  /** The folder that upload publishes to. */
  readonly catalog?: string;
}

/** How machines exchange results. */
interface RegistryOptions {
  readonly repository?: string;
  /** Whether machines push what they have made; otherwise they only take. */
  readonly write?: boolean;
  /** Public keys, as `nx-debian-image key` says them: only what one of them has signed is taken. */
  readonly trust?: readonly string[];
  /** Whether a registry that does not work fails a task, which otherwise is done here. */
  readonly strict?: boolean;
}

/** The options of this plugin in an nx.json; none where it is named without any, or not at all. */
export function pluginOptions({ plugins = [] }: Pick<NxJsonConfiguration, 'plugins'>): PluginOptions {
  const found = plugins.find((plugin) => typeof plugin === 'object' && plugin.plugin === 'nx-debian-image/plugin');
  return typeof found === 'object' ? ((found.options ?? {}) as PluginOptions) : {};
}
