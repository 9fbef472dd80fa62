import type { Keystone } from './keystone.ts';

/** glance-api-paste.ini: with and without Keystone, and nothing else that a test needs. */
export const glancePipelines = `[pipeline:glance-api]
pipeline = versionnegotiation unauthenticated-context root

[pipeline:glance-api-keystone]
pipeline = versionnegotiation authtoken context root

[composite:root]
paste.composite_factory = glance.api:root_app_factory
/ = versions
/v2 = v2

[app:versions]
paste.app_factory = glance.api.versions:create_resource

[app:v2]
paste.app_factory = glance.api.v2.router:API.factory

[filter:versionnegotiation]
paste.filter_factory = glance.api.middleware.version_negotiation:VersionNegotiationFilter.factory

[filter:context]
paste.filter_factory = glance.api.middleware.context:ContextMiddleware.factory

[filter:unauthenticated-context]
paste.filter_factory = glance.api.middleware.context:UnauthenticatedContextMiddleware.factory

[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
delay_auth_decision = true
`;

/** glance-api.conf. Each key is explained in Glance's configuration reference. */
export function glanceConfiguration({ folder, port, keystone }: { folder: string; port: number; keystone: Keystone | undefined }): string {
  return `[DEFAULT]
bind_host = 127.0.0.1
bind_port = ${port}
workers = 0
public_endpoint = http://127.0.0.1:${port}
enabled_backends = folder:file
node_staging_uri = file://${folder}/staging

[database]
connection = sqlite:///${folder}/glance.sqlite

[glance_store]
default_backend = folder

[folder]
filesystem_store_datadir = ${folder}/images

[os_glance_staging_store]
filesystem_store_datadir = ${folder}/staging

[os_glance_tasks_store]
filesystem_store_datadir = ${folder}/tasks

[paste_deploy]
flavor = ${keystone ? 'keystone' : ''}
config_file = ${folder}/paste.ini

[oslo_policy]
policy_file = ${folder}/policy.yaml
${keystone ? '' : 'enforce_new_defaults = false\nenforce_scope = false\n'}
[oslo_concurrency]
lock_path = ${folder}

[taskflow_executor]
engine_mode = serial
max_workers = 1

${keystone ? middleware(keystone) : ''}`;
}

function middleware({ url, caFile }: Keystone): string {
  return `[keystone_authtoken]
www_authenticate_uri = ${url}
auth_url = ${url}
auth_type = password
${caFile ? `cafile = ${caFile}\n` : ''}username = glance
password = glance
project_name = service
user_domain_id = default
project_domain_id = default
service_token_roles_required = true
`;
}
