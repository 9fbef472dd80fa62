import { defineConfig } from 'vitest/config';

const conditions = ['@nx-debian-image/source', 'node', 'import', 'default'];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };

// unit: pure, beside the source. itg: the real tools of this machine. e2e: a workspace as a user has it.
export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: ['**/*.itg.test.ts', '**/*.e2e.test.ts', '**/dist/**', '**/node_modules/**'],
          // some start processes, which takes long on a busy machine
          testTimeout: 30_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'itg',
          include: ['packages/*/src/**/*.itg.test.ts'],
          globalSetup: ['tools/test/tool-tree.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        ...shared,
        test: { name: 'e2e', include: ['e2e/**/*.e2e.test.ts'], testTimeout: 1_200_000, hookTimeout: 1_200_000, fileParallelism: false },
      },
    ],
  },
});
