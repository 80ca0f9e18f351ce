declare const __TOOLWISE_VERSION__: string | undefined;

/** The version in package.json, put in by scripts/build.ts; `0.0.0-source` where toolwise runs unbuilt. */
export const VERSION: string = typeof __TOOLWISE_VERSION__ === 'undefined' ? '0.0.0-source' : __TOOLWISE_VERSION__;
