/** The caller's mistake. The agent sees the message (it names the value and the remedy); nothing is logged, nothing was written. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** A wrong flag, variable or configuration file. The person at the command line sees it on stderr; the process exits with 2. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

export type StorageCode = 'busy' | 'full' | 'read_only' | 'corrupt' | 'unusable';

/** The database could not do its part. The agent sees the message; the cause goes to stderr. Nothing of the call was kept. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageCode;

  constructor(code: StorageCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
