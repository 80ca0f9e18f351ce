/** Where the engine says what a person should know: stderr in the product. Never stdout, never the agent. */
export interface Logger {
  warn(message: string, cause?: unknown): void;
  error(message: string, cause?: unknown): void;
}
