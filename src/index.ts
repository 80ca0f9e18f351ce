/** toolwise as a library: the engine that the server and the command line use, and the pure core under it. */
export { type Engine, type EngineOptions, openEngine } from './engine/engine.ts';
